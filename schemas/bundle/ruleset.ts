/**
 * rulesets/default.json and overlays of it. An overlay (`"extends": "default"`) names only the rules it changes.
 * This is the outer shape; which parameters a rule has, and their ranges, is the rule's own schema.
 */
import * as z from "zod";
import { ACTIONS, MODES, NAME_LENGTH_MAX, region, SEVERITIES } from "../fields.js";

const PARAM_LIST_MAX = 64;

const paramValue = z.union(
  [
    z.number(),
    z.boolean(),
    z.string().max(NAME_LENGTH_MAX),
    z.array(z.union([z.number(), z.string().max(NAME_LENGTH_MAX)])).max(PARAM_LIST_MAX),
  ],
  `a number, true, false, a text of at most ${NAME_LENGTH_MAX} characters, or a list of at most ${PARAM_LIST_MAX} of them`,
);
const params = z.record(
  z.string().regex(/^[a-z][A-Za-z0-9]*$/, "a camelCase name with its unit"),
  paramValue,
);

/** Whether a rule of this id exists is the registry's to say, with the ids it knows. */
const ruleId = z.string().regex(/^[A-Z]\d{2}$/, "a rule id such as R01");

/**
 * What the rule finds → what counts instead, before "if … also" clauses, challenges and softening:
 * `{"challenge": "review"}`.
 */
const actions = z.partialRecord(
  z.enum(ACTIONS),
  z.enum(ACTIONS),
  unknownName(`an action: ${ACTIONS.join(", ")}`),
);

const rule = z.strictObject({
  id: ruleId,
  name: z.string().regex(/^[A-Z]+(_[A-Z]+)*$/, "a name such as LOST_CARD"),
  version: z.number().int().min(1),
  mode: z.enum(MODES),
  severity: z.enum(SEVERITIES),
  params,
  /** For the whole country, where no region says otherwise of the same action. Not of R01–R07. */
  actions: actions.optional(),
});
const ruleChange = z.strictObject({ ...rule.partial().shape, id: ruleId });

const ruleOverride = z.strictObject(
  { params: params.optional(), actions: actions.optional() },
  unknownName("params or actions: a region overrides nothing else of a rule"),
);

/**
 * What differs in a region, by division code and rule: `{"3301": {"R14": {"params": {"limitFen": 70000}}}}`. A county
 * changes what its city changed, a city what its province changed, single numbers and actions at a time; a province what the rule says for the whole country.
 *
 * The region is the swipe's `careRegion` for rules about purchases (R12–R17, R19, R20), and its `insuredRegion` for
 * those about the holder, whose card, PIN and switches belong there (R08–R10, R21). R01–R07 are not overridden here:
 * rulesets/loss-policies.json says by region what they do.
 */
const overrides = z.record(region, z.record(ruleId, ruleOverride));

const traceCodeReuseAction = z.enum(["review", "reject"]);
const head = {
  name: z.string().regex(/^[a-z0-9]+([-.][a-z0-9]+)*$/, "a lower-case name such as default"),
  version: z.string().min(1).max(64),
};

export const rulesetFile = z.strictObject({
  ...head,
  traceCodeReuseAction,
  rules: z.array(rule).min(1).superRefine(refuseRepeatedIds),
  overrides: overrides.optional(),
});
export const rulesetOverlayFile = z.strictObject({
  ...head,
  extends: z.literal("default"),
  traceCodeReuseAction: traceCodeReuseAction.optional(),
  rules: z.array(ruleChange).superRefine(refuseRepeatedIds),
  /** Changes the default's overrides number by number. */
  overrides: overrides.optional(),
});

/** What is said of a name that has no place there; everything else as the schema library says it. */
function unknownName(expected: string) {
  return {
    error: (issue: { readonly code: string }) => (issue.code === "unrecognized_keys" ? expected : undefined),
  };
}

function refuseRepeatedIds(rules: readonly { id: string }[], context: z.RefinementCtx): void {
  rules.forEach(({ id }, i) => {
    if (rules.findIndex((other) => other.id === id) !== i) {
      context.addIssue({ code: "custom", path: [i, "id"], message: `${id} is listed twice: keep one` });
    }
  });
}

export type ParamValue = z.infer<typeof paramValue>;
export type RuleParams = z.infer<typeof params>;
export type RuleActions = z.infer<typeof actions>;
export type RuleOverride = z.infer<typeof ruleOverride>;
export type RegionOverrides = z.infer<typeof overrides>;
export type RulesetRule = z.infer<typeof rule>;
export type RulesetRuleChange = z.infer<typeof ruleChange>;
export type RulesetFile = z.infer<typeof rulesetFile>;
export type RulesetOverlayFile = z.infer<typeof rulesetOverlayFile>;
