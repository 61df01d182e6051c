/** Every rule in words, as a ruleset turns it on. Pure. */

import type { RulesetFile, RulesetRule } from "../../../schemas/bundle/ruleset.js";
import { unitOf } from "../../../schemas/console/parameter-units.js";
import { ACTIONS } from "../../../schemas/fields.js";
import type { ConsoleRule } from "../../../schemas/http/rules-console.js";
import type { PatrolsFile } from "../../../schemas/patrols.js";
import type { Patrol } from "../../../services/alerts/patrol/patrol.js";
import { PATROLS } from "../../../services/alerts/patrol/registry.js";
import { isOfLossPolicies } from "../../../services/detector/rules/override-problems.js";
import { RULES } from "../../../services/detector/rules/registry.js";
import { type AnyRule, Rank } from "../../../services/detector/rules/rule.js";
import { parameterWords } from "./parameter-words.js";
import { ruleParameters } from "./rule-parameters.js";
import { PATROL_TITLES, RULE_WORDS } from "./rule-words.js";

export interface CatalogueOptions {
  readonly ruleset: RulesetFile;
  /** rulesets/default.json. */
  readonly shipped: RulesetFile;
  /** By the breaker, in this ruleset. */
  readonly lowered: ReadonlySet<string>;
}

/** In the order of the registry; rules that the program does not know are left out. */
export function cataloguedRules({ ruleset, shipped, lowered }: CatalogueOptions): ConsoleRule[] {
  return RULES.flatMap((rule) => {
    const row = ruleset.rules.find(({ id }) => id === rule.id);
    if (row === undefined) return [];
    const shippedParams = shipped.rules.find(({ id }) => id === rule.id)?.params ?? {};
    return [
      {
        ...wordsOf(rule),
        ...ruleOf(rule, ruleset),
        version: row.version,
        mode: row.mode,
        severity: row.severity,
        actions: row.actions ?? {},
        parameters: ruleParameters(rule.params, row.params, shippedParams),
        overrides: overridesOf(ruleset, row),
        isLowered: lowered.has(rule.id),
      },
    ];
  });
}

function wordsOf({ id, name, about }: AnyRule) {
  const known = RULE_WORDS[id];
  return {
    id,
    name,
    kind: "rule",
    title: known?.title ?? { zh: name, en: name },
    sees: { zh: known?.sees ?? about.sees, en: about.sees },
    basis: { zh: known?.basis ?? about.basis, en: about.basis },
  } as const;
}

function ruleOf(
  rule: AnyRule,
  { traceCodeReuseAction }: RulesetFile,
): Pick<ConsoleRule, "judges" | "isUnconditional" | "finds" | "actionMax" | "also" | "overriddenBy"> {
  const finds = rule.finds.map((rank) => ACTIONS[rank]);
  const reuse = rule.findsReuseAction && !finds.includes(traceCodeReuseAction) ? [traceCodeReuseAction] : [];
  const overriddenBy = isOfLossPolicies(rule) ? "loss-policies" : (rule.overriddenBy ?? "careRegion");
  return {
    judges: [...rule.judges],
    isUnconditional: rule.isUnconditional,
    finds: [...finds, ...reuse],
    actionMax: ACTIONS[rule.actionMax ?? Rank.REJECT],
    also: rule.also ? { rules: [...rule.also.rules], action: ACTIONS[rule.also.action] } : null,
    overriddenBy,
  };
}

function overridesOf({ overrides = {} }: RulesetFile, { id }: RulesetRule): ConsoleRule["overrides"] {
  return Object.entries(overrides)
    .flatMap(([region, rules]) => {
      const own = rules[id];
      return own === undefined ? [] : [{ region, params: own.params ?? {}, actions: own.actions ?? {} }];
    })
    .sort((a, b) => (a.region < b.region ? -1 : 1));
}

/** Patrols are no part of a bundle: an installation sets their numbers in a file of its own. */
export function cataloguedPatrols({ patrols }: PatrolsFile, shipped: PatrolsFile): ConsoleRule[] {
  return PATROLS.map((patrol) => ({
    id: patrol.id,
    name: patrol.name,
    kind: "patrol",
    title: PATROL_TITLES[patrol.id] ?? { zh: patrol.name, en: patrol.name },
    sees: { zh: patrol.sees["zh-CN"], en: patrol.sees.en },
    basis: { zh: patrol.basis["zh-CN"], en: patrol.basis.en },
    version: null,
    mode: patrols[patrol.id].mode,
    severity: patrols[patrol.id].severity,
    judges: [],
    isUnconditional: false,
    finds: ["review"],
    actionMax: "review",
    actions: {},
    also: null,
    overriddenBy: "installation",
    parameters: patrolParameters(
      patrol,
      patrols[patrol.id].parameters,
      shipped.patrols[patrol.id].parameters,
    ),
    overrides: [],
    isLowered: false,
  }));
}

type Numbers = PatrolsFile["patrols"]["R11"]["parameters"];

function patrolParameters(
  { parameters }: Patrol,
  values: Numbers,
  shipped: Numbers,
): ConsoleRule["parameters"] {
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = values[name];
    if (value === undefined) return [];
    const limits = parameter === "rule-ids" ? { min: null, max: null } : parameter;
    return [
      {
        name,
        title: parameterWords(name),
        unit: unitOf(name),
        isWhole: parameter !== "rule-ids" && parameter.isWhole,
        min: limits.min,
        max: limits.max,
        value,
        shipped: shipped[name] ?? null,
      },
    ];
  });
}
