/** What can become of an SMS of the ledger: one table, used by code, database and docs/sms.md. */

export const SMS_STATUSES = [
  /** To be handed over. */
  "queued",
  /** Written down before the gateway is called: whoever finds it later knows that the message may be out. */
  "sending",
  /** The operator has it. */
  "sent",
  /** The phone has it. */
  "delivered",
  /** For good: refused by the operator, or not deliverable. */
  "failed",
  /** Nobody knows whether the operator has it: asked, never sent again on a guess. */
  "unknown",
  /** Nobody gave a phone number. */
  "no-contact",
  /** Not to be sent, for the reason given. */
  "suppressed",
] as const;
export type SmsStatus = (typeof SMS_STATUSES)[number];

export const SMS_TRANSITIONS = {
  // delivered: the operator was thought not to have it, and its receipt comes late.
  queued: ["sending", "no-contact", "suppressed", "delivered"],
  sending: ["queued", "sent", "delivered", "failed", "unknown"],
  unknown: ["queued", "sent", "delivered", "failed", "suppressed"],
  sent: ["delivered", "failed"],
  // A receipt overtaken by another's failure: what the phone has, it has.
  failed: ["delivered"],
  delivered: [],
  "no-contact": [],
  suppressed: [],
} as const satisfies Record<SmsStatus, readonly SmsStatus[]>;

/** Why it is suppressed, failed or unknown. */
export const SMS_REASONS = [
  /** More than the template's limit in 24 hours. */
  "too-many",
  /** Of the same card and family of rules within ten minutes. */
  "repeated",
  /** The news was old when it was learnt. */
  "stale",
  /** Of no use any more when it could be sent. */
  "expired",
  /** The operator does not take this message. */
  "refused",
  /** The operator could not bring it to the phone. */
  "undelivered",
  /** The operator did not answer. */
  "unanswered",
  /** The process died in the middle. */
  "interrupted",
] as const;
export type SmsReason = (typeof SMS_REASONS)[number];

/** Whence a status may be reached. */
export function sourcesOf(to: SmsStatus): readonly SmsStatus[] {
  return SMS_STATUSES.filter((from) => (SMS_TRANSITIONS[from] as readonly SmsStatus[]).includes(to));
}

/** Nothing more is done about these by themselves: a secret in them is wiped. `sent` is never sent again. */
export const SMS_SETTLED: readonly SmsStatus[] = ["sent", "delivered", "failed", "no-contact", "suppressed"];
