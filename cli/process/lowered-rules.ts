/** A bundle in which rules only ask for a review, in every region: what the breaker activates. */

import * as z from "zod";
import { BundleError, bundleOfValue } from "../bundle-files.js";

const actions = z.record(z.string(), z.string());
const override = z.looseObject({ actions: actions.optional() });
const bundle = z.looseObject({
  ruleset: z.looseObject({
    rules: z.array(z.looseObject({ id: z.string(), actions: actions.optional() })),
    overrides: z.record(z.string(), z.record(z.string(), override)).optional(),
  }),
});

type Bundle = z.infer<typeof bundle>;

/** What a rule may find that stops a swipe, or that its actions may make a stop of. */
const FOUND = ["review", "challenge", "reject"] as const;

export function loweredRules(content: unknown, rules: readonly string[]): unknown {
  return rules.reduce(lowered, bundle.parse(content));
}

/** Actions that a rule never finds are refused in a bundle: those are left out. */
function lowered(content: Bundle, id: string): Bundle {
  const found = FOUND.filter((action) => isSound(withActions(content, id, { [action]: action })));
  return withActions(content, id, Object.fromEntries(found.map((action) => [action, "review"])));
}

/** The regions' own actions of the rule are left out: they would count above the country's. */
function withActions(content: Bundle, id: string, given: Record<string, string>): Bundle {
  const { ruleset } = content;
  const rules = ruleset.rules.map((rule) => (rule.id === id ? { ...rule, actions: given } : rule));
  if (ruleset.overrides === undefined) return { ...content, ruleset: { ...ruleset, rules } };
  const overrides = Object.fromEntries(
    Object.entries(ruleset.overrides).map(([region, own]) => [region, withoutActions(own, id)]),
  );
  return { ...content, ruleset: { ...ruleset, rules, overrides } };
}

function withoutActions(own: NonNullable<Bundle["ruleset"]["overrides"]>[string], id: string) {
  const changed = own[id];
  if (changed === undefined) return own;
  const { actions: _actions, ...others } = changed;
  return { ...own, [id]: others };
}

function isSound(content: unknown): boolean {
  try {
    bundleOfValue(content, "breaker");
    return true;
  } catch (error) {
    if (error instanceof BundleError) return false;
    throw error;
  }
}
