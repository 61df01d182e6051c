/**
 * Region overrides of a ruleset (schemas/bundle/ruleset.ts), worked out when the bundle is loaded: each overridden
 * region is a scope with a number, each rule has its settings by scope, and a swipe's region is one map lookup.
 *
 * 1. Scope 0 is everywhere else.
 * 2. A scope's settings are the national ones, changed by the province, then by the city, then by the county.
 */

import type { Regions } from "../../../schemas/bundle/regions.js";
import type { RegionOverrides, RuleOverride, RuleParams } from "../../../schemas/bundle/ruleset.js";
import { ACTIONS, type Action } from "../../../schemas/fields.js";
import { regionLevels } from "../card/region-levels.js";
import { type PackedRegion, packRegion, regionCode } from "../place/region.js";
import { type ActionRank, type AnyRule, Rank } from "./rule.js";

/** Number of the scope in which nothing is overridden. */
const NATIONAL_SCOPE = 0;

/** What a rule goes by in one scope. */
export interface RuleSettings {
  readonly params: never;
  /** By the rank that the rule finds: the rank that counts. null: as found. */
  readonly actions: readonly ActionRank[] | null;
}

export interface OverrideProblem {
  readonly path: string;
  readonly expected: string;
}

/** The national settings of the rules of a ruleset, and how a rule's parameters are checked. */
export interface OverriddenRule {
  readonly rule: AnyRule;
  readonly params: RuleParams;
  parse(params: RuleParams, path: string): { value: never; problems: readonly OverrideProblem[] };
}

export class OverrideScopes {
  /** Level codes such as 33, 3301, 330106; the place in the list + 1 is the scope. */
  private readonly levels: readonly string[];
  private readonly scopes = new Map<PackedRegion, number>();

  constructor(
    private readonly overrides: RegionOverrides,
    known: Regions["regions"],
  ) {
    this.levels = Object.keys(overrides).map(levelOf);
    if (this.levels.length === 0) return;
    for (const code of Object.keys(known))
      for (const written of [code, code.padEnd(4, "0"), code.padEnd(6, "0")]) {
        const region = packRegion(written);
        this.scopes.set(region, this.scopeOfLevels(region));
      }
  }

  /** The scope of a swipe's region: of its county, else its city, else its province. */
  scopeOf(region: PackedRegion): number {
    if (this.levels.length === 0) return NATIONAL_SCOPE;
    return this.scopes.get(region) ?? this.scopeOfLevels(region);
  }

  /** A rule's settings by scope; the first is the national one. */
  settingsOf(id: string, national: OverriddenRule, problems: OverrideProblem[]): readonly RuleSettings[] {
    const { value, problems: found } = national.parse(national.params, `rules.${id}.params`);
    problems.push(...found);
    const regions = Object.keys(this.overrides);
    const own = regions.map((region) => this.overrides[region]![id]);
    regions.forEach((region, index) => {
      problems.push(...problemsOf(`overrides.${region}.${id}`, own[index], national));
    });
    if (problems.length > 0) return [];
    return [
      { params: value, actions: null },
      ...regions.map((region) => this.merged(region, id, national, problems)),
    ];
  }

  private merged(
    region: string,
    id: string,
    national: OverriddenRule,
    problems: OverrideProblem[],
  ): RuleSettings {
    const levels = regionLevels(region);
    const changes = [...levels].reverse().map((level) => this.overrideAt(level)?.[id]);
    const params = Object.assign({}, national.params, ...changes.map((change) => change?.params));
    const actions: Partial<Record<Action, Action>> = Object.assign(
      {},
      ...changes.map((change) => change?.actions),
    );
    // Each override is sound by itself; together with those of the levels above it may not be.
    const { value, problems: found } = national.parse(params, `overrides.${region}.${id}.params`);
    problems.push(...found);
    const ranks = ACTIONS.map((action) => ACTIONS.indexOf(actions[action] ?? action) as ActionRank);
    return { params: value, actions: ranks.every((rank, found) => rank === found) ? null : ranks };
  }

  private overrideAt(level: string): RegionOverrides[string] | undefined {
    const index = this.levels.indexOf(level);
    return index < 0 ? undefined : Object.values(this.overrides)[index];
  }

  private scopeOfLevels(region: PackedRegion): number {
    for (const level of regionLevels(regionCode(region))) {
      const index = this.levels.indexOf(level);
      if (index >= 0) return index + 1;
    }
    return NATIONAL_SCOPE;
  }
}

/** Regions that cannot be told apart or found, and rules that are not there. */
export function regionProblems(
  overrides: RegionOverrides,
  known: { readonly provinces: readonly string[]; readonly rules: readonly string[] },
): OverrideProblem[] {
  const problems: OverrideProblem[] = [];
  const named = new Map<string, string>();
  for (const [region, rules] of Object.entries(overrides)) {
    const path = `overrides.${region}`;
    const twin = named.get(levelOf(region));
    if (twin !== undefined)
      problems.push({ path, expected: `'${twin}' names the same region: keep one of them` });
    named.set(levelOf(region), region);
    if (!known.provinces.includes(region.slice(0, 2)))
      problems.push({
        path,
        expected: `unknown province '${region.slice(0, 2)}'; known: ${known.provinces.join(", ")}`,
      });
    for (const id of Object.keys(rules))
      if (!known.rules.includes(id))
        problems.push({
          path: `${path}.${id}`,
          expected: `unknown rule '${id}'; known: ${known.rules.join(", ")}`,
        });
  }
  return problems;
}

function problemsOf(
  path: string,
  override: RuleOverride | undefined,
  national: OverriddenRule,
): OverrideProblem[] {
  if (override === undefined) return [];
  const { rule } = national;
  if (isOfLossPolicies(rule))
    return [
      {
        path,
        expected: `${rule.id} goes by card states: set its times and actions in the region's loss policy`,
      },
    ];
  const { problems } = national.parse({ ...national.params, ...override.params }, `${path}.params`);
  return [...problems, ...actionProblems(`${path}.actions`, override.actions ?? {}, rule)];
}

function actionProblems(
  path: string,
  actions: Partial<Record<Action, Action>>,
  rule: AnyRule,
): OverrideProblem[] {
  const actionMax = rule.actionMax ?? Rank.REJECT;
  return Object.entries(actions)
    .filter(([, action]) => ACTIONS.indexOf(action) > actionMax)
    .map(([found, action]) => ({
      path: `${path}.${found}`,
      expected: `at most '${ACTIONS[actionMax]}' for ${rule.id} (given '${action}')`,
    }));
}

/** R01–R07: what happens to a lost or blocked card is said by the regions' loss policies, not by rulesets. */
function isOfLossPolicies(rule: AnyRule): boolean {
  return rule.reads.every((read) => read === "card-state");
}

function levelOf(region: string): string {
  return regionLevels(region)[0]!;
}
