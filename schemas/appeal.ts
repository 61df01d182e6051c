/** Appeals (申诉): the shapes that cardholders' pages, analysts and the national platform's messages share. */
import * as z from "zod";
import { instant } from "./fields.js";

export const APPEAL_STATES = [
  "draft",
  "submitted",
  "returned-for-more",
  "first-review",
  "second-review",
  "investigation",
  "decided",
  "reconsideration",
  "withdrawn",
  "closed",
] as const;
export type AppealState = (typeof APPEAL_STATES)[number];

export const DOCUMENT_KINDS = [
  /** 报警回执, 受案回执. */
  "police-receipt",
  "identity-document",
  /** 委托书 */
  "authorisation",
  /** Where the holder was instead. */
  "alibi",
  "statement",
  "other",
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export const DOCUMENT_MEDIA_TYPES = ["image/jpeg", "image/png", "application/pdf"] as const;
export const DOCUMENT_BYTES_MAX = 10 << 20;
export const DOCUMENTS_MAX = 10;
export const STATEMENT_LENGTH_MAX = 2000;
export const CLAIMED_SWIPES_MAX = 64;

export const appealDocument = z.object({
  documentId: z.string(),
  kind: z.enum(DOCUMENT_KINDS),
  /** As the holder's file was called, cut to 64 characters. */
  name: z.string(),
  mediaType: z.enum(DOCUMENT_MEDIA_TYPES),
  bytes: z.number().int().min(1).max(DOCUMENT_BYTES_MAX),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  addedAt: instant,
});
export type AppealDocument = z.infer<typeof appealDocument>;

/** Who bears a swipe, by the policy in force; nothing is guessed. */
export const BEARERS = ["holder", "fund-and-institution", "undetermined"] as const;

export const claimedSwipe = z.object({
  decisionId: z.string(),
  occurredAt: instant,
  totalFen: z.number().int().min(0),
  accountFen: z.number().int().min(0).nullable(),
  /** Against the report of loss that covers it. */
  position: z.enum(["before-report", "before-effect", "after-effect", "after-lapse", "no-report"]),
  bearer: z.enum(BEARERS),
  /** zh-CN, one sentence: why. */
  because: z.string(),
  /** After the decision. */
  outcome: z.enum(["upheld", "rejected"]).nullable(),
});
export type ClaimedSwipe = z.infer<typeof claimedSwipe>;

export const appealStep = z.object({
  state: z.enum(APPEAL_STATES),
  at: instant,
  /** zh-CN, for the holder. */
  note: z.string().nullable(),
});

export const appealDeadline = z.object({
  /** What has to be done by then: key of rulesets/appeal-deadlines.json. */
  kind: z.string(),
  whose: z.enum(["office", "holder"]),
  dueAt: instant,
  /** A day that was counted lies outside the calendar that is known. */
  isUncertain: z.boolean(),
  isMissed: z.boolean(),
});

export const appealPaper = z.object({
  paperId: z.string(),
  /** 受理通知, 补正通知, 决定书 … */
  title: z.string(),
  number: z.string(),
  madeAt: instant,
  sha256: z.string(),
});

/** As the holder and the analyst see it; what is sealed is masked here. */
export const appealView = z.object({
  appealId: z.string(),
  /** 申诉编号, printed on papers. */
  number: z.string(),
  caseId: z.string(),
  /** Of the last event; a change names the version it saw. */
  version: z.number().int().min(0),
  state: z.enum(APPEAL_STATES),
  statement: z.string().max(STATEMENT_LENGTH_MAX),
  swipes: z.array(claimedSwipe).max(CLAIMED_SWIPES_MAX),
  documents: z.array(appealDocument).max(DOCUMENTS_MAX),
  /** Last four; null where none was given. */
  bankAccountTail: z.string().nullable(),
  hasAgent: z.boolean(),
  steps: z.array(appealStep),
  deadlines: z.array(appealDeadline),
  papers: z.array(appealPaper),
  decision: z
    .object({
      result: z.enum(["upheld", "partly", "rejected"]),
      /** zh-CN. */
      reasons: z.string(),
      decidedAt: instant,
      /** zh-CN: what the holder can do about it, with dates. */
      remedies: z.array(z.string()),
    })
    .nullable(),
});
export type AppealView = z.infer<typeof appealView>;

/** What a holder writes; every field may be missing while it is a draft. */
export const appealDraft = z.object({
  statement: z.string().max(STATEMENT_LENGTH_MAX).optional(),
  /** decisionIds. */
  swipes: z.array(z.string()).max(CLAIMED_SWIPES_MAX).optional(),
  bankAccount: z
    .string()
    .regex(/^\d{12,19}$/, "12 to 19 digits")
    .optional(),
  hasAgent: z.boolean().optional(),
});
export type AppealDraft = z.infer<typeof appealDraft>;
