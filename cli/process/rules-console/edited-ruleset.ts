/** A ruleset with one rule as the editor has it, and mistakes by rule. Pure. */

import type { RulesetFile, RulesetRule } from "../../../schemas/bundle/ruleset.js";
import type { DraftMistake, RuleEdit } from "../../../schemas/http/rules-console.js";
import type { BundleMistake } from "../../../schemas/http/rules-problem.js";

/** What a draft holds: a ruleset's shape, whose values may be wrong. */
export type DraftRuleset = RulesetFile;

/** The rule with what the editor says of it; null where the ruleset has no such rule. */
export function withEditedRule(
  draft: DraftRuleset,
  base: DraftRuleset,
  id: string,
  edit: RuleEdit,
): DraftRuleset | null {
  const row = draft.rules.find((rule) => rule.id === id);
  if (row === undefined) return null;
  const { actions: _before, ...kept } = row;
  const edited: RulesetRule = {
    ...kept,
    mode: edit.mode,
    severity: edit.severity,
    params: edit.params,
    ...(isEmpty(edit.actions) ? {} : { actions: edit.actions }),
  };
  const changed: DraftRuleset = {
    ...withOverrides(draft, id, edit.overrides),
    rules: draft.rules.map((rule) => (rule.id === id ? edited : rule)),
  };
  return counted(changed, base, id);
}

/** A rule that differs from the base's is another version of it: what it says of swipes can be told apart by that. */
function counted(draft: DraftRuleset, base: DraftRuleset, id: string): DraftRuleset {
  const before = base.rules.find((rule) => rule.id === id);
  if (before === undefined) return draft;
  const version = isSameRule(draft, base, id) ? before.version : before.version + 1;
  return { ...draft, rules: draft.rules.map((rule) => (rule.id === id ? { ...rule, version } : rule)) };
}

function isSameRule(draft: DraftRuleset, base: DraftRuleset, id: string): boolean {
  return textOf(draft, id) === textOf(base, id);
}

function textOf({ rules, overrides = {} }: DraftRuleset, id: string): string {
  const { version: _version, ...row } = rules.find((rule) => rule.id === id)!;
  const regions = Object.entries(overrides).flatMap(([region, of]) => (of[id] ? [[region, of[id]]] : []));
  return sortedJson([row, Object.fromEntries(regions)]);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** Regions that say nothing of any rule are left out: an empty one would be a mistake. */
function withOverrides(draft: DraftRuleset, id: string, given: RuleEdit["overrides"]): DraftRuleset {
  const { overrides: before = {}, ...others } = draft;
  const after: Record<string, Record<string, object>> = {};
  for (const [region, of] of Object.entries(before)) {
    const { [id]: _edited, ...kept } = of;
    if (!isEmpty(kept)) after[region] = kept;
  }
  for (const { region, params, actions } of given) {
    const own = { ...(!isEmpty(params) && { params }), ...(!isEmpty(actions) && { actions }) };
    if (!isEmpty(own)) after[region] = { ...after[region], [id]: own };
  }
  return isEmpty(after) ? others : { ...others, overrides: after };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

const PART = /^ruleset\./;
const BY_PLACE = /^rules\.(\d+)\.(.+)$/;
const BY_ID = /^rules\.([A-Z]\d{2})\.?(.*)$/;
const BY_REGION = /^(overrides\.\d{2,6})\.([A-Z]\d{2})\.?(.*)$/;

/** As the editor shows them: beside the rule and the field that they are about. */
export function mistakesByRule(
  mistakes: readonly BundleMistake[],
  { rules }: Pick<DraftRuleset, "rules">,
): DraftMistake[] {
  return mistakes.map(({ path: given, expected }) => {
    const path = given.replace(PART, "");
    const [, place, ofPlace] = BY_PLACE.exec(path) ?? [];
    if (place !== undefined) return { rule: rules[Number(place)]?.id ?? null, path: ofPlace!, expected };
    const [, id, ofId] = BY_ID.exec(path) ?? [];
    if (id !== undefined) return { rule: id, path: ofId!, expected };
    const [, region, of, rest] = BY_REGION.exec(path) ?? [];
    if (region !== undefined)
      return { rule: of!, path: [region, rest].filter((part) => part !== "").join("."), expected };
    return { rule: null, path, expected };
  });
}
