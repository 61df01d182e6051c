/** `/v1/console/cases/…`: what the page of a case shows beside the case itself. */
import * as z from "zod";
import { ACTIONS, MODES, SEVERITIES } from "../fields.js";

export const bilingualText = z.object({ "zh-CN": z.string(), en: z.string() });

export const explainedCondition = z.object({
  what: bilingualText,
  observed: bilingualText,
  relation: z
    .enum(["at-least", "above", "at-most", "below"])
    .nullable()
    .describe("of what was observed to the threshold; null where there is none"),
  threshold: bilingualText.nullable(),
});
/** What would have made the rule silent. */
export const otherwise = z.object({
  needs: z.enum(["any", "all"]).describe("is one of the steps enough, or are all needed?"),
  steps: z.array(bilingualText),
  note: bilingualText.nullable().describe("what the facts do not tell of it"),
});
export const explainedReason = z.object({
  rule: z.string(),
  version: z.number().int(),
  mode: z.enum(MODES),
  action: z.enum(ACTIONS),
  severity: z.enum(SEVERITIES),
  code: z.string(),
  isDraft: z.boolean().describe("found by a draft in shadow"),
  text: bilingualText.describe("as its holder reads it"),
  conditions: z.array(explainedCondition),
  otherwise,
  strengthenedBy: z.array(z.string()).describe("rules whose hit beside it made it stronger"),
  facts: z.record(z.string(), z.unknown()),
  evidence: z.array(z.string()).describe("eventIds of other swipes that it rests on"),
});
export type ExplainedReason = z.infer<typeof explainedReason>;
