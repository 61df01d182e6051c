/** Answer to `POST /v1/authorizations`: what the terminal is told about one swipe. */
import * as z from "zod";
import { ACTIONS, eventId, SEVERITIES } from "../fields.js";
import { problem } from "./problem.js";

const bilingual = z.object({ "zh-CN": z.string(), en: z.string() });

/** A reason as the network sees it: without the person's other swipes. */
export const answerReason = z.object({
  rule: z.string(),
  action: z.enum(ACTIONS),
  severity: z.enum(SEVERITIES),
  code: z.string(),
  text: bilingual,
});

export const answer = z.object({
  eventId,
  decisionId: z.string().nullable().describe("null for an answer of the stand-in"),
  action: z.enum(ACTIONS),
  responseCode: z.string().describe("what the terminal shows"),
  advice: bilingual.nullable().describe("what the cardholder can still do"),
  reasons: z.array(answerReason).describe("empty for repeats and answers of the stand-in"),
  disputed: z.boolean(),
  degraded: z.boolean().describe("judged without all that should be known"),
  degradedReason: z.string().nullable(),
  duplicate: z.boolean().describe("the message was sent before: this is the first answer again"),
  standIn: z
    .boolean()
    .describe("the true decision was late: told by a fixed table, corrected by a later decision"),
  journaled: z.boolean().describe("false: the swipe is not stored, or not known to be; send it again"),
});

/** 503 of `POST /v1/authorizations`: the terminal has an answer, the swipe is not stored. */
export const notStoredAnswer = problem.extend({
  answer: answer.describe("tell the terminal this, then send the same message again until it is stored"),
});

export type Answer = z.infer<typeof answer>;
export type AnswerReason = z.infer<typeof answerReason>;
