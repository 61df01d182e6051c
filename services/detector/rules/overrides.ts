/**
 * Region overrides of a ruleset (schemas/bundle/ruleset.ts), worked out when the bundle is loaded: each overridden
 * region is a scope with a number, each rule has its settings by scope, and a swipe's region is one map lookup.
 *
 * 1. Scope 0 is everywhere else.
 * 2. A scope's settings are the national ones, changed by the province, then by the city, then by the county.
 */

import type { BundleFileProblem } from "../../../schemas/bundle/problem.js";
import type { Regions } from "../../../schemas/bundle/regions.js";
import type { RegionOverrides, RuleActions } from "../../../schemas/bundle/ruleset.js";
import { ACTIONS } from "../../../schemas/fields.js";
import { regionLevels } from "../card/region-levels.js";
import { type PackedRegion, packRegion, regionCode } from "../place/region.js";
import { nationalProblems, type OverriddenRule, overrideProblems } from "./override-problems.js";
import type { ActionRank } from "./rule.js";

/** Number of the scope in which nothing is overridden. */
const NATIONAL_SCOPE = 0;

/** What a rule goes by in one scope. */
export interface RuleSettings {
  readonly params: never;
  /** By the rank that the rule finds: the rank that counts. null: as found. */
  readonly actions: readonly ActionRank[] | null;
}

export class OverrideScopes {
  /** Level codes such as 33, 3301, 330106; the place in the list + 1 is the scope. */
  readonly levels: readonly string[];
  private readonly byLevel: ReadonlyMap<string, RegionOverrides[string]>;
  private readonly scopes = new Map<PackedRegion, number>();

  constructor(
    private readonly overrides: RegionOverrides,
    known: Regions["regions"],
  ) {
    this.levels = Object.keys(overrides).map(levelOf);
    this.byLevel = new Map(Object.entries(overrides).map(([region, own]) => [levelOf(region), own]));
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
  settingsOf(id: string, national: OverriddenRule, problems: BundleFileProblem[]): readonly RuleSettings[] {
    const { value, problems: found } = national.parse(national.params, `rules.${id}.params`);
    problems.push(...found, ...nationalProblems(`rules.${id}.actions`, national));
    const regions = Object.keys(this.overrides);
    const own = regions.map((region) => this.overrides[region]![id]);
    regions.forEach((region, index) => {
      problems.push(...overrideProblems(`overrides.${region}.${id}`, own[index], national));
    });
    if (problems.length > 0) return [];
    const everywhere = { params: value, actions: ranksOf(national.actions) };
    return [
      everywhere,
      ...regions.map((region) => this.merged(region, id, national, problems) ?? everywhere),
    ];
  }

  /** null where neither the region nor one above it changes the rule. */
  private merged(
    region: string,
    id: string,
    national: OverriddenRule,
    problems: BundleFileProblem[],
  ): RuleSettings | null {
    const levels = regionLevels(region);
    const changes = [...levels].reverse().map((level) => this.overrideAt(level)?.[id]);
    if (changes.every((change) => change === undefined)) return null;
    const params = Object.assign({}, national.params, ...changes.map((change) => change?.params));
    const actions: RuleActions = Object.assign(
      {},
      national.actions,
      ...changes.map((change) => change?.actions),
    );
    // Each override is sound by itself; together with those of the levels above it may not be.
    const { value, problems: found } = national.parse(params, `overrides.${region}.${id}.params`);
    problems.push(...found);
    return { params: value, actions: ranksOf(actions) };
  }

  private overrideAt(level: string): RegionOverrides[string] | undefined {
    return this.byLevel.get(level);
  }

  private scopeOfLevels(region: PackedRegion): number {
    for (const level of regionLevels(regionCode(region))) {
      const index = this.levels.indexOf(level);
      if (index >= 0) return index + 1;
    }
    return NATIONAL_SCOPE;
  }
}

function ranksOf(actions: RuleActions): RuleSettings["actions"] {
  const ranks = ACTIONS.map((action) => ACTIONS.indexOf(actions[action] ?? action) as ActionRank);
  return ranks.every((rank, found) => rank === found) ? null : ranks;
}

function levelOf(region: string): string {
  return regionLevels(region)[0]!;
}
