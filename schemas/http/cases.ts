/** `/v1/cases` and `/v1/audit` of the office and the console. */
import * as z from "zod";
import { CALL_OUTCOMES } from "../case-command.js";
import { CASE_REQUIREMENTS, CASE_STATES, type CaseRequirement } from "../case-transitions.js";
import { ACTIONS, instant, ruleId, SEVERITIES } from "../fields.js";

const version = z
  .number()
  .int()
  .min(0)
  .describe("of the work: 0 where nobody has done anything, one more with each change");

export const caseSummary = z.object({
  caseId: z.string(),
  subjectKind: z.string().describe("person, institution, terminal, operator, agent, trace-code, card"),
  subject: z.string().describe("personKey, or the key of what it is about"),
  status: z.enum(["open", "closed"]),
  state: z.enum(CASE_STATES).describe("where the work stands"),
  assignee: z.string().nullable(),
  version,
  region: z
    .string()
    .describe(
      "where it belongs: where the person is insured, where the institution is; empty where not known",
    ),
  openedAt: instant,
  lastAlertAt: instant.nullable(),
  alerts: z.number().int(),
  standing: z.number().int().describe("alerts that stand: neither withdrawn nor replaced by a later one"),
  moneyAtRiskFen: z.number().int(),
  strongestAction: z.enum(ACTIONS),
  highestSeverity: z.enum(SEVERITIES),
});
export const casePageAnswer = z.object({ cases: z.array(caseSummary), after: z.string().nullable() });

export const caseAlert = z.object({
  alertId: z.string(),
  decisionId: z.string().nullable().describe("of the swipe; null of what a patrol found"),
  eventId: z.string().nullable().describe("of the swipe; null of what a patrol found"),
  findingId: z.string().nullable(),
  kind: z.string().nullable(),
  occurredAt: instant.nullable(),
  institutionId: z.string().nullable(),
  careRegion: z.string().nullable(),
  cardTail: z.string().nullable(),
  totalFen: z.number().int().nullable(),
  atRiskFen: z.number().int().nullable(),
  action: z.enum(ACTIONS),
  severity: z.enum(SEVERITIES),
  rules: z.array(z.string()),
  disputed: z.boolean(),
  state: z.enum(["standing", "replaced", "withdrawn"]),
});

export const caseNote = z.object({
  noteId: z.number().int(),
  author: z.string(),
  text: z.string(),
  writtenAt: instant,
  struck: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});

export const caseProposal = z.object({
  proposalId: z.number().int(),
  from: z.enum(CASE_STATES),
  to: z.enum(CASE_STATES),
  reason: z.string(),
  rules: z.array(z.string()).nullable(),
  alertsSeen: z.number().int().describe("alerts that the case had: with more it is not approved"),
  proposedBy: z.string(),
  proposedAt: instant,
  expiresAt: instant,
  status: z.enum(["open", "approved", "rejected", "expired"]),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
});

const requirements = Object.keys(CASE_REQUIREMENTS) as [CaseRequirement, ...CaseRequirement[]];
export const caseDetail = z.object({
  ...caseSummary.shape,
  code: z.string().nullable().describe("by which the cardholder knows it; null where nobody was told"),
  next: z
    .array(
      z.object({
        to: z.enum(CASE_STATES),
        reason: z.enum(["needed", "free"]),
        secondPerson: z.boolean().describe("with the money that is at risk now"),
        requires: z.array(z.enum(requirements)),
      }),
    )
    .describe("where it may go from here"),
  alertList: z.array(caseAlert).describe("the latest first, at most 500"),
  sms: z.array(
    z.object({
      smsId: z.string(),
      situation: z.string(),
      text: z.string(),
      status: z.string(),
      createdAt: instant,
    }),
  ),
  openCall: z
    .object({ since: instant })
    .nullable()
    .describe(
      "the person is to be phoned, because SMS do not arrive; null where nobody has to, or it was done",
    ),
  answers: z
    .array(z.object({ decisionId: z.string(), answer: z.enum(["mine", "not-mine"]), answeredAt: instant }))
    .describe("what the holder said of swipes on the pages of this case, the latest first, at most 200"),
  notes: z.array(caseNote),
  proposals: z.array(caseProposal),
  history: z.array(
    z.object({
      version: z.number().int(),
      at: instant,
      actor: z.string(),
      action: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      reason: z.string().nullable(),
      auditSeq: z.number().int().describe("its entry in the audit log"),
    }),
  ),
});

/** A page of text. */
export const NOTE_LENGTH_MAX = 4_000;
/** A few sentences. */
const REASON_LENGTH_MAX = 1_000;

const words = (max: number) => z.string().trim().min(1).max(max);
const reason = words(REASON_LENGTH_MAX);
const seen = { version: version.describe("of the case as it was read") };

export const assignmentBody = z.strictObject({
  ...seen,
  assignee: z.string().min(1).max(64).optional().describe("yourself where absent"),
  reason: reason.optional().describe("needed where somebody else has it"),
});
export const noteBody = z.strictObject({ ...seen, text: words(NOTE_LENGTH_MAX) });
export const strikeBody = z.strictObject({ ...seen, reason });
export const phonedBody = z.strictObject({
  ...seen,
  outcome: z.enum(CALL_OUTCOMES).describe("either ends the task"),
  note: words(NOTE_LENGTH_MAX).optional().describe("what was said, or why nobody was reached"),
});
export const transitionBody = z.strictObject({
  ...seen,
  to: z.enum(CASE_STATES),
  reason: reason.optional(),
  rules: z
    .array(ruleId)
    .min(1)
    .max(31)
    .optional()
    .describe("of which the journal is told; those of all standing alerts where absent"),
});
export const approvalBody = z.strictObject({ ...seen, reason: reason.optional() });
export const rejectionBody = z.strictObject({ ...seen, reason });

export const auditPageAnswer = z.object({
  lines: z.array(z.string()).describe("entries as they are hashed, in order"),
  after: z.number().int().nullable().describe("for the next page; null where there is none yet"),
});
export const auditCheckpoint = z.object({
  seq: z.number().int().min(1),
  sha256: z.string().describe("of the entry's line"),
  at: instant,
  keyId: z.string(),
  ed25519: z.string().describe("signature of `statement`, base64"),
  sm2: z.string().describe("signature of `statement`, base64 of DER"),
});
export const auditCheckpointsAnswer = z.object({ checkpoints: z.array(auditCheckpoint) });

export type CaseSummary = z.infer<typeof caseSummary>;
export type CaseDetail = z.infer<typeof caseDetail>;
export type AuditPage = z.infer<typeof auditPageAnswer>;
export type SignedCheckpoint = z.infer<typeof auditCheckpoint>;
