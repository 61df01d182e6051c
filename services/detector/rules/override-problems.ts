/**
 * What is refused of a ruleset's region overrides and of its rules' actions: each by path, with what was given and what may stand there.
 * An override that could never act is refused too: whoever wrote it believes that it does.
 */

import { type BundleFileProblem, givenText } from "../../../schemas/bundle/problem.js";
import type { Regions } from "../../../schemas/bundle/regions.js";
import type {
  RegionOverrides,
  RuleActions,
  RuleOverride,
  RuleParams,
} from "../../../schemas/bundle/ruleset.js";
import { ACTIONS, type Action } from "../../../schemas/fields.js";
import { regionLevels, withoutPadding } from "../card/region-levels.js";
import { type ActionRank, type AnyRule, Rank } from "./rule.js";

/** A rule of a ruleset, and how its parameters are checked. */
export interface OverriddenRule {
  readonly rule: AnyRule;
  /** Where no region overrides them. */
  readonly params: RuleParams;
  readonly actions: RuleActions;
  /** What the rule may find under this ruleset. */
  readonly finds: readonly ActionRank[];
  parse(params: RuleParams, path: string): { value: never; problems: readonly BundleFileProblem[] };
}

/** Regions that cannot be told apart or found, and rules that are not there. */
export function regionProblems(
  overrides: RegionOverrides,
  known: Pick<Regions, "provinces" | "regions"> & { readonly rules: readonly string[] },
): BundleFileProblem[] {
  const problems: BundleFileProblem[] = [];
  const named = new Map<string, string>();
  for (const [region, rules] of Object.entries(overrides)) {
    const path = `overrides.${region}`;
    const level = regionLevels(region)[0]!;
    const twin = named.get(level);
    if (twin !== undefined)
      problems.push({
        path,
        expected: `'${twin}' names the same region (given '${region}'): keep one of them`,
      });
    named.set(level, region);
    const unknown = unknownRegion(region, known);
    if (unknown !== null) problems.push({ path, expected: unknown });
    for (const id of Object.keys(rules))
      if (!known.rules.includes(id))
        problems.push({
          path: `${path}.${id}`,
          expected: `unknown rule '${id}'; known: ${known.rules.join(", ")}`,
        });
  }
  return problems;
}

/** Mistakes in what a ruleset says of a rule's actions for the whole country. */
export function nationalProblems(path: string, national: OverriddenRule): BundleFileProblem[] {
  const { rule, actions } = national;
  if (Object.keys(actions).length === 0 || !isOfLossPolicies(rule))
    return actionProblems(path, actions, national);
  return [
    {
      path,
      expected: `no actions of ${rule.id}${givenText(actions)}: it goes by card states, set its actions in the loss policies`,
    },
  ];
}

/** Mistakes in what a region says of a rule. */
export function overrideProblems(
  path: string,
  override: RuleOverride | undefined,
  national: OverriddenRule,
): BundleFileProblem[] {
  if (override === undefined) return [];
  const { rule } = national;
  if (isOfLossPolicies(rule))
    return [
      {
        path,
        expected: `a rule from R08 on (given '${rule.id}'): ${rule.id} goes by card states, set its times and actions in the region's loss policy`,
      },
    ];
  const { problems } = national.parse({ ...national.params, ...override.params }, `${path}.params`);
  return [...problems, ...actionProblems(`${path}.actions`, override.actions ?? {}, national)];
}

/** R01–R07: what happens to a lost or blocked card is said by the regions' loss policies, not by rulesets. */
export function isOfLossPolicies(rule: AnyRule): boolean {
  return rule.reads.every((read) => read === "card-state");
}

function actionProblems(
  path: string,
  actions: RuleActions,
  { rule, finds }: OverriddenRule,
): BundleFileProblem[] {
  const found = finds.map((rank) => ACTIONS[rank]);
  const allowed = ACTIONS.slice(0, (rule.actionMax ?? Rank.REJECT) + 1);
  return Object.entries(actions).flatMap(([from, to]) => {
    const problems: BundleFileProblem[] = [];
    if (!found.some((action) => action === from))
      problems.push({
        path: `${path}.${from}`,
        expected: `an action that ${rule.id} finds: ${quoted(found)} (given '${from}'); leave it out, it would never act`,
      });
    if (!allowed.includes(to))
      problems.push({
        path: `${path}.${from}`,
        expected: `at most '${allowed.at(-1)}' for ${rule.id}: ${quoted(allowed)}${givenText(to)}; choose one of them`,
      });
    return problems;
  });
}

/** What is said of a code that no region has; null for one that the regions list. */
function unknownRegion(
  region: string,
  { provinces, regions }: Pick<Regions, "provinces" | "regions">,
): string | null {
  const code = withoutPadding(region);
  if (code in regions) return null;
  const province = code.slice(0, 2);
  const city = code.slice(0, 4);
  if (!provinces.includes(province))
    return `unknown province '${province}' (given '${region}'); known: ${provinces.join(", ")}: correct the code`;
  const isCounty = code.length === 6 && city in regions;
  const above = isCounty ? city : province;
  const known = Object.keys(regions).filter(
    (each) => each.startsWith(above) && each.length === above.length + 2,
  );
  const name = regions[above]?.[0] ?? above;
  return `no such region (given '${region}'); known in ${above} ${name}: ${known.join(", ")}: correct the code, or override ${above} as a whole`;
}

function quoted(actions: readonly Action[]): string {
  return actions.map((action) => `'${action}'`).join(", ");
}
