/** A ruleset document → the rules it turns on, with checked parameters. Problems are values: lint shows all of them. */

import type {
  RuleParams,
  RulesetFile,
  RulesetOverlayFile,
  RulesetRule,
} from "../../schemas/bundle/ruleset.js";
import type { Mode, Severity } from "../../schemas/fields.js";
import { regionLevels } from "./card/region-levels.js";
import { RULES } from "./rules/registry.js";
import { type AnyRule, type JudgedKind, Rank } from "./rules/rule.js";

/** Bit 0 of a finding is the floors'. */
const RULE_NUMBERS = /^[A-Z](0[1-9]|[12]\d|3[01])$/;

export interface CompiledRule {
  readonly rule: AnyRule;
  /** 1–31: its bit in findings and its place in the order. */
  readonly number: number;
  readonly version: number;
  readonly mode: Mode;
  readonly severity: Severity;
  /** Parameters as overridden for a region of care. */
  paramsFor(region: string): never;
  /** Parameters where no region overrides them. */
  readonly params: never;
  readonly hasRegions: boolean;
}

export interface RulesetProblem {
  readonly path: string;
  readonly expected: string;
}

export type CompiledRuleset =
  | { readonly ok: true; readonly rules: readonly CompiledRule[]; readonly traceCodeReuseAction: 1 | 3 }
  | { readonly ok: false; readonly problems: readonly RulesetProblem[] };

/** An overlay changes rules by id and parameters by name; everything else stays the default's. */
export function mergeRuleset(base: RulesetFile, overlay: RulesetOverlayFile): RulesetFile {
  const rules = base.rules.map((rule) => {
    const change = overlay.rules.find((each) => each.id === rule.id);
    if (change === undefined) return rule;
    const params = { ...rule.params, ...change.params };
    return { ...rule, ...change, params } as RulesetRule;
  });
  return {
    name: overlay.name,
    version: overlay.version,
    traceCodeReuseAction: overlay.traceCodeReuseAction ?? base.traceCodeReuseAction,
    rules,
  };
}

/** Rules that an overlay changes but the default has not. */
export function unknownOverlayRules(base: RulesetFile, overlay: RulesetOverlayFile): RulesetProblem[] {
  const known = base.rules.map((rule) => rule.id);
  return overlay.rules
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => !known.includes(rule.id))
    .map(({ rule, index }) => ({
      path: `rules.${index}.id`,
      expected: `unknown rule '${rule.id}'; known: ${known.join(", ")}`,
    }));
}

export function compileRuleset(ruleset: RulesetFile, registry: readonly AnyRule[] = RULES): CompiledRuleset {
  const problems: RulesetProblem[] = [];
  const compiled: CompiledRule[] = [];
  ruleset.rules.forEach((entry, index) => {
    const rule = registry.find((each) => each.id === entry.id);
    if (rule === undefined) {
      const known = registry.map((each) => each.id).join(", ");
      problems.push({ path: `rules.${index}.id`, expected: `unknown rule '${entry.id}'; known: ${known}` });
      return;
    }
    if (!RULE_NUMBERS.test(rule.id))
      problems.push({
        path: `rules.${entry.id}.id`,
        expected: "a number from 01 to 31: findings are kept as bits",
      });
    if (rule.name !== entry.name)
      problems.push({ path: `rules.${entry.id}.name`, expected: `'${rule.name}', the name of ${rule.id}` });
    const result = compileRule(rule, entry, `rules.${entry.id}`);
    if (Array.isArray(result)) problems.push(...result);
    else if (entry.mode !== "off") compiled.push(result);
  });
  if (problems.length > 0) return { ok: false, problems };
  compiled.sort((a, b) => a.number - b.number);
  const traceCodeReuseAction = ruleset.traceCodeReuseAction === "reject" ? Rank.REJECT : Rank.REVIEW;
  return { ok: true, rules: compiled, traceCodeReuseAction };
}

function compileRule(rule: AnyRule, entry: RulesetRule, path: string): CompiledRule | RulesetProblem[] {
  const national = parseParams(rule, entry.params, `${path}.params`);
  const problems = [...national.problems];
  const regional = new Map<string, never>();
  for (const [region, params] of Object.entries(entry.regions ?? {})) {
    const parsed = parseParams(rule, { ...entry.params, ...params }, `${path}.regions.${region}`);
    problems.push(...parsed.problems);
    regional.set(region, parsed.value);
  }
  if (problems.length > 0) return problems;
  return {
    rule,
    number: Number(rule.id.slice(1)),
    version: entry.version,
    mode: entry.mode,
    severity: entry.severity,
    params: national.value,
    hasRegions: regional.size > 0,
    paramsFor(region) {
      for (const level of regionLevels(region)) {
        const params = regional.get(level);
        if (params !== undefined) return params;
      }
      return national.value;
    },
  };
}

function parseParams(
  rule: AnyRule,
  params: RuleParams,
  path: string,
): { value: never; problems: RulesetProblem[] } {
  const parsed = rule.params.safeParse(params, { reportInput: true });
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => ({
    path: [path, ...issue.path].join("."),
    expected: `${issue.message}${givenOf(issue.input)}`,
  }));
  return { value: undefined as never, problems };
}

function givenOf(input: unknown): string {
  return typeof input === "number" || typeof input === "string" ? ` (given ${JSON.stringify(input)})` : "";
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
