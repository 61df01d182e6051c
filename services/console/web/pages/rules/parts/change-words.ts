/** A difference between two bundles in words: which rule, which setting, from what to what. Pure. */

import { unitOf } from "../../../../../../schemas/console/parameter-units.js";
import type { ConsoleRule, ParameterValue } from "../../../../../../schemas/http/rules-console.js";
import { actionWords, severityWords } from "../../../words/domain.js";
import type { Language } from "../../../words/words.js";
import { rulesWords } from "../words.js";
import { parameterText } from "./parameter-text.js";

export interface Change {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface ChangeWords {
  /** null: not of one rule. */
  readonly rule: string | null;
  /** Code of the region that differs; null: the country. */
  readonly region: string | null;
  readonly setting: string;
  /** null: was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

const RULE = /^ruleset\.rules\.([A-Z]\d{2})(?:\.(.+))?$/;
const OVERRIDE = /^ruleset\.overrides\.(\d+)(?:\.([A-Z]\d{2})(?:\.(.+))?)?$/;

export function changeWords(change: Change, rules: readonly ConsoleRule[], language: Language): ChangeWords {
  const [, ofRule, ruleRest = ""] = RULE.exec(change.path) ?? [];
  const [, region, ofRegion, regionRest = ""] = OVERRIDE.exec(change.path) ?? [];
  const rule = ofRule ?? ofRegion ?? null;
  const rest = ofRule === undefined ? regionRest : ruleRest;
  const known = rules.find(({ id }) => id === rule) ?? null;
  const name = rule === null ? change.path : rest;
  return {
    rule,
    region: region ?? null,
    setting: settingWords(name, known, language),
    before: valueWords(name, change.before, language),
    after: valueWords(name, change.after, language),
  };
}

function settingWords(path: string, rule: ConsoleRule | null, language: Language): string {
  const words = rulesWords[language];
  const [kind = "", name = ""] = path.split(".");
  switch (kind) {
    case "":
      return words.overrides;
    case "mode":
      return words.mode;
    case "severity":
      return words.severity;
    case "version":
      return words.version;
    case "params":
      return rule?.parameters.find((one) => one.name === name)?.title[language] ?? (name || words.parameters);
    case "actions":
      return name === "" ? words.actionsTitle : `${words.finds}：${actionText(name, language)}`;
    default:
      return path;
  }
}

function valueWords(path: string, value: unknown, language: Language): string | null {
  if (value === undefined) return null;
  const [kind = "", name = ""] = path.split(".");
  if (typeof value === "string") {
    if (kind === "actions") return actionText(value, language);
    if (kind === "mode" && isMode(value)) return rulesWords[language][value];
    if (kind === "severity" && Object.hasOwn(severityWords[language], value))
      return severityWords[language][value as keyof (typeof severityWords)["zh"]];
    return value;
  }
  if (kind === "params" && name !== "" && isParameter(value))
    return parameterText(value, unitOf(name), language);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function actionText(action: string, language: Language): string {
  const words: Readonly<Record<string, string>> = actionWords[language];
  return words[action] ?? action;
}

function isMode(value: string): value is "live" | "shadow" | "off" {
  return value === "live" || value === "shadow" || value === "off";
}

function isParameter(value: unknown): value is ParameterValue {
  return typeof value === "number" || typeof value === "boolean" || Array.isArray(value);
}
