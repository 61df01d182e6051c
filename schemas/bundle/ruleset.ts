/**
 * rulesets/default.json and overlays of it. An overlay (`"extends": "default"`) names only the rules it changes.
 * This is the outer shape; which parameters a rule has, and their ranges, is the rule's own schema.
 */
import * as z from "zod";
import { MODES, NAME_LENGTH_MAX, region, SEVERITIES } from "../fields.js";

const PARAM_LIST_MAX = 64;

const paramValue = z.union([
  z.number(),
  z.boolean(),
  z.string().max(NAME_LENGTH_MAX),
  z.array(z.union([z.number(), z.string().max(NAME_LENGTH_MAX)])).max(PARAM_LIST_MAX),
]);
const params = z.record(
  z.string().regex(/^[a-z][A-Za-z0-9]*$/, "a camelCase name with its unit"),
  paramValue,
);

/** Whether a rule of this id exists is the registry's to say, with the ids it knows. */
const ruleId = z.string().regex(/^[A-Z]\d{2}$/, "a rule id such as R01");

const rule = z.strictObject({
  id: ruleId,
  name: z.string().regex(/^[A-Z]+(_[A-Z]+)*$/, "a name such as LOST_CARD"),
  version: z.number().int().min(1),
  mode: z.enum(MODES),
  severity: z.enum(SEVERITIES),
  params,
  /** Parameters that differ in a region: county before city before province. */
  regions: z.record(region, params).optional(),
});
const ruleChange = z.strictObject({ ...rule.partial().shape, id: ruleId });

const traceCodeReuseAction = z.enum(["review", "reject"]);
const head = {
  name: z.string().regex(/^[a-z0-9]+([-.][a-z0-9]+)*$/, "a lower-case name such as default"),
  version: z.string().min(1).max(64),
};

export const rulesetFile = z.strictObject({
  ...head,
  traceCodeReuseAction,
  rules: z.array(rule).min(1).superRefine(refuseRepeatedIds),
});
export const rulesetOverlayFile = z.strictObject({
  ...head,
  extends: z.literal("default"),
  traceCodeReuseAction: traceCodeReuseAction.optional(),
  rules: z.array(ruleChange).superRefine(refuseRepeatedIds),
});

function refuseRepeatedIds(rules: readonly { id: string }[], context: z.RefinementCtx): void {
  rules.forEach(({ id }, i) => {
    if (rules.findIndex((other) => other.id === id) !== i) {
      context.addIssue({ code: "custom", path: [i, "id"], message: `${id} is listed twice: keep one` });
    }
  });
}

export type ParamValue = z.infer<typeof paramValue>;
export type RuleParams = z.infer<typeof params>;
export type RulesetRule = z.infer<typeof rule>;
export type RulesetRuleChange = z.infer<typeof ruleChange>;
export type RulesetFile = z.infer<typeof rulesetFile>;
export type RulesetOverlayFile = z.infer<typeof rulesetOverlayFile>;
