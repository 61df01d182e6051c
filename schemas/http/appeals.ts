/** `/v1/appeals` and `/v1/reversals` of the office and the console. */
import * as z from "zod";
import { APPEAL_STATES, appealView, CLAIMED_SWIPES_MAX } from "../appeal.js";
import { amountFen, instant } from "../fields.js";
import { nationalAppeal } from "../national/appeal-out.js";
import { reversalRequest } from "../national/reversal-out.js";

/** A page of a paper; papers and audit log hold it whole. */
const TEXT_LENGTH_MAX = 2_000;
const text = z.string().trim().min(1).max(TEXT_LENGTH_MAX);
const version = z.number().int().min(0).describe("of the appeal as it was read");

export const appealSummary = z.object({
  appealId: z.string(),
  number: z.string().describe("申诉编号"),
  caseId: z.string(),
  state: z.enum(APPEAL_STATES),
  version: z.number().int(),
  openedAt: instant,
  changedAt: instant,
  missed: z.array(z.string()).describe("deadlines that were missed"),
});
export type AppealSummary = z.infer<typeof appealSummary>;
export const appealPageAnswer = z.object({ appeals: z.array(appealSummary), after: z.string().nullable() });

const factSum = z.object({
  count: z.number().int(),
  totalFen: z.number().int(),
  accountFen: z.number().int().describe("of swipes whose message did not say: 0"),
});
/** With what the office wrote, which the holder sees only in papers. */
export const appealDetail = appealView.extend({
  reconsiderationReasons: z.string().nullable().describe("the holder's"),
  sums: z.object({
    claimed: factSum,
    notClaimed: factSum,
    beforeEffect: factSum,
    afterEffect: factSum,
    undetermined: factSum,
    fundAndInstitution: factSum,
    holder: factSum,
  }),
  sources: z.array(z.object({ decisionId: z.string(), source: z.string().describe("of the policy row") })),
  proposal: z
    .object({ by: z.string(), outcomes: z.record(z.string(), z.string()), reasons: z.string() })
    .nullable(),
  history: z.array(
    z.object({
      version: z.number().int(),
      at: instant,
      type: z.string(),
      by: z.array(z.string()),
      text: z.string().nullable(),
    }),
  ),
});
export type AppealDetail = z.infer<typeof appealDetail>;

const outcomes = z
  .record(z.string(), z.enum(["upheld", "rejected"]))
  .refine((given) => Object.keys(given).length <= CLAIMED_SWIPES_MAX, `at most ${CLAIMED_SWIPES_MAX} swipes`)
  .describe("by decisionId: each claimed swipe once");
const own = z
  .array(z.string())
  .max(CLAIMED_SWIPES_MAX)
  .default([])
  .describe("rejected swipes that were found to be the holder's own");

export const acceptBody = z.strictObject({ version });
export const returnBody = z.strictObject({ version, what: text.describe("zh-CN, for the holder") });
export const resumeBody = z.strictObject({ version, reason: text });
export const reviewBody = z.strictObject({ version, opinion: text });
export const investigationBody = z.strictObject({ version, findings: text });
export const decisionBody = z.strictObject({
  version,
  outcomes,
  own,
  reasons: text.describe("zh-CN, for the holder: facts, no verdict on anybody"),
});
export const confirmBody = z.strictObject({ version });
export const dropBody = z.strictObject({ version, reason: text });

export const appealFile = z.object({
  name: z.string(),
  mediaType: z.string(),
  sha256: z.string(),
  base64: z.string(),
});
export type AppealFile = z.infer<typeof appealFile>;

export const nationalAnswer = nationalAppeal;

export const listedReversal = z.object({
  decisionId: z.string(),
  appealId: z.string(),
  institutionId: z.string(),
  occurredAt: instant,
  totalFen: amountFen,
  accountFen: amountFen.nullable(),
  askedAt: instant,
  handedOverAt: instant.nullable(),
  handedOverBy: z.string().nullable(),
  status: z
    .enum(["to-hand-over", "handed-over", "undone", "unclear"])
    .describe("undone: taken back meanwhile; unclear: which transaction it was is not known"),
  request: reversalRequest.nullable(),
});
export const reversalsAnswer = z.object({ reversals: z.array(listedReversal) });
export const reversalPageAnswer = reversalsAnswer.extend({ after: z.string().nullable() });
export const handOverBody = z.strictObject({});
