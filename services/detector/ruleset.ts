/** A ruleset document → the rules it turns on, with checked parameters. Problems are values: lint shows all of them. */

import { type BundleFileProblem, problemsOfIssues } from "../../schemas/bundle/problem.js";
import type { Regions } from "../../schemas/bundle/regions.js";
import type {
  RegionOverrides,
  RuleParams,
  RulesetFile,
  RulesetOverlayFile,
  RulesetRule,
} from "../../schemas/bundle/ruleset.js";
import type { Mode, Severity } from "../../schemas/fields.js";
import { regionProblems } from "./rules/override-problems.js";
import { OverrideScopes, type RuleSettings } from "./rules/overrides.js";
import { RULES } from "./rules/registry.js";
import { type ActionRank, type AnyRule, type JudgedKind, Rank } from "./rules/rule.js";

/** Bit 0 of a finding is the floors'. */
const RULE_NUMBERS = /^[A-Z](0[1-9]|[12]\d|3[01])$/;

export interface CompiledRule {
  readonly rule: AnyRule;
  /** 1–31: its bit in findings and its place in the order. */
  readonly number: number;
  readonly version: number;
  readonly mode: Mode;
  readonly severity: Severity;
  /** Parameters where no region overrides them. */
  readonly params: never;
  /** By scope (rules/overrides.ts); the first where no region overrides anything, with the country's actions. */
  readonly settings: readonly RuleSettings[];
}

export type CompiledRuleset =
  | {
      readonly ok: true;
      readonly rules: readonly CompiledRule[];
      readonly scopes: OverrideScopes;
      readonly traceCodeReuseAction: 1 | 3;
    }
  | { readonly ok: false; readonly problems: readonly BundleFileProblem[] };

/** An overlay changes rules by id, parameters by name and actions by what is found; everything else stays the default's. */
export function mergeRuleset(base: RulesetFile, overlay: RulesetOverlayFile): RulesetFile {
  const rules = base.rules.map((rule) => {
    const change = overlay.rules.find((each) => each.id === rule.id);
    if (change === undefined) return rule;
    const params = { ...rule.params, ...change.params };
    const actions = { ...rule.actions, ...change.actions };
    const merged = { ...rule, ...change, params } as RulesetRule;
    return Object.keys(actions).length === 0 ? merged : { ...merged, actions };
  });
  const overrides = mergeOverrides(base.overrides ?? {}, overlay.overrides ?? {});
  return {
    name: overlay.name,
    version: overlay.version,
    traceCodeReuseAction: overlay.traceCodeReuseAction ?? base.traceCodeReuseAction,
    rules,
    ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
  };
}

function mergeOverrides(base: RegionOverrides, overlay: RegionOverrides): RegionOverrides {
  const merged = structuredClone(base);
  for (const [region, rules] of Object.entries(overlay)) {
    merged[region] ??= {};
    for (const [id, { params, actions }] of Object.entries(rules)) {
      const before = merged[region][id];
      merged[region][id] = {
        params: { ...before?.params, ...params },
        actions: { ...before?.actions, ...actions },
      };
    }
  }
  return merged;
}

/** Rules that an overlay changes but the default has not. */
export function unknownOverlayRules(base: RulesetFile, overlay: RulesetOverlayFile): BundleFileProblem[] {
  const known = base.rules.map((rule) => rule.id);
  return overlay.rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => !known.includes(rule.id))
    .map(({ rule, index }) => ({
      path: `rules.${index}.id`,
      expected: `unknown rule '${rule.id}'; known: ${known.join(", ")}`,
    }));
}

export interface CompileOptions {
  readonly registry?: readonly AnyRule[];
  /** Needed where the ruleset has overrides. */
  readonly regions?: Pick<Regions, "provinces" | "regions">;
}

const NO_REGIONS = { provinces: [], regions: {} };

export function compileRuleset(
  ruleset: RulesetFile,
  { registry = RULES, regions = NO_REGIONS }: CompileOptions = {},
): CompiledRuleset {
  const overrides = ruleset.overrides ?? {};
  const rules = ruleset.rules.map(({ id }) => id);
  const problems: BundleFileProblem[] = regionProblems(overrides, { ...regions, rules });
  const scopes = new OverrideScopes(overrides, regions.regions);
  const traceCodeReuseAction = ruleset.traceCodeReuseAction === "reject" ? Rank.REJECT : Rank.REVIEW;
  const compiled: CompiledRule[] = [];
  ruleset.rules.forEach((entry, index) => {
    const rule = registry.find((each) => each.id === entry.id);
    if (rule === undefined) {
      const known = registry.map((each) => each.id).join(", ");
      problems.push({ path: `rules.${index}.id`, expected: `unknown rule '${entry.id}'; known: ${known}` });
      return;
    }
    problems.push(...headProblems(rule, entry));
    const result = compileRule(rule, entry, { scopes, traceCodeReuseAction });
    if (Array.isArray(result)) problems.push(...result);
    else if (entry.mode !== "off") compiled.push(result);
  });
  if (problems.length > 0) return { ok: false, problems };
  compiled.sort((a, b) => a.number - b.number);
  return { ok: true, rules: compiled, scopes, traceCodeReuseAction };
}

function headProblems(rule: AnyRule, entry: RulesetRule): BundleFileProblem[] {
  const problems: BundleFileProblem[] = [];
  if (!RULE_NUMBERS.test(rule.id))
    problems.push({
      path: `rules.${entry.id}.id`,
      expected: "a number from 01 to 31: findings are kept as bits",
    });
  if (rule.name !== entry.name)
    problems.push({ path: `rules.${entry.id}.name`, expected: `'${rule.name}', the name of ${rule.id}` });
  return problems;
}

function compileRule(
  rule: AnyRule,
  entry: RulesetRule,
  { scopes, traceCodeReuseAction }: { scopes: OverrideScopes; traceCodeReuseAction: ActionRank },
): CompiledRule | BundleFileProblem[] {
  const problems: BundleFileProblem[] = [];
  const known = Object.keys(entry.params);
  const parse = (params: RuleParams, path: string) => parseParams(rule, params, { path, known });
  const finds = [...new Set([...rule.finds, ...(rule.findsReuseAction ? [traceCodeReuseAction] : [])])];
  const national = { rule, params: entry.params, actions: entry.actions ?? {}, finds, parse };
  const settings = scopes.settingsOf(entry.id, national, problems);
  if (problems.length > 0) return problems;
  return {
    rule,
    number: Number(rule.id.slice(1)),
    version: entry.version,
    mode: entry.mode,
    severity: entry.severity,
    params: settings[0]!.params,
    settings,
  };
}

function parseParams(
  rule: AnyRule,
  params: RuleParams,
  { path, known }: { path: string; known: readonly string[] },
): { value: never; problems: BundleFileProblem[] } {
  const parsed = rule.params.safeParse(params, { reportInput: true });
  if (parsed.success) return { value: parsed.data, problems: [] };
  const issues = parsed.error.issues.map((issue) => {
    if (issue.code !== "unrecognized_keys") return issue;
    const names = known.filter((name) => !issue.keys.includes(name));
    return { ...issue, message: `a parameter of ${rule.id}: ${names.join(", ") || "it has none"}` };
  });
  return { value: undefined as never, problems: problemsOfIssues(issues, path.split("."), rule.params) };
}

/** The rules to ask for a kind of swipe, in order. */
export function rulesFor(
  rules: readonly CompiledRule[],
  kind: JudgedKind,
  options: { isLinked: boolean; hasCardEvents: boolean },
): readonly CompiledRule[] {
  return rules.filter(
    ({ rule }) =>
      rule.judges.includes(kind) &&
      (!options.isLinked || rule.judgesLinked) &&
      (options.hasCardEvents || rule.reads.some((read) => read !== "card-state")),
  );
}
