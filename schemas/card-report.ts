/** What is known of a person's cards and reports of loss, as people are shown it. Made from transitions. */
import * as z from "zod";
import { credential, instant, STATUS_ACTIONS } from "./fields.js";

/** One change of a card's state, as a transition told it. */
export const cardReport = z.object({
  /** Of the card-status record. */
  eventId: z.string(),
  credential,
  /** Last four of the card's number; null where the record named no card. */
  cardTail: z.string().nullable(),
  action: z.enum(STATUS_ACTIONS),
  from: z.string(),
  to: z.string(),
  applied: z.boolean(),
  code: z.string().nullable(),
  policyId: z.string().nullable(),
  reportedAt: instant,
  effectiveAt: instant,
  /** Null where nothing lapses. Min is what people are reminded by, max what blocks. */
  expiresAtMin: instant.nullable(),
  expiresAtMax: instant.nullable(),
  calendarUncertain: z.boolean(),
});
export type CardReport = z.infer<typeof cardReport>;

/** docs/card-states.md; what is shown of a card at a moment. */
export const CARD_STANDINGS = [
  "in-use",
  "inactive",
  "loss-pending",
  "lost",
  "may-have-lapsed",
  "lapsed",
  "replacing",
  "replaced",
  "cancelled",
  "frozen",
  "suspended",
  "pin-locked",
] as const;

export const cardStanding = z.object({
  credential,
  cardTail: z.string().nullable(),
  standing: z.enum(CARD_STANDINGS),
  /** Of the standing: when it began. */
  since: instant.nullable(),
  /** Of an open report. */
  report: cardReport.nullable(),
});
export type CardStanding = z.infer<typeof cardStanding>;
