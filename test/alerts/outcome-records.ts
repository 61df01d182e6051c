/** Outcomes for tests: whole ones with only the fields that matter given. */

import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import { encodeBody } from "../../schemas/log-body.js";
import type {
  DecisionOutcome,
  LoggedOutcome,
  Reason,
  RevisionOutcome,
  TransitionOutcome,
} from "../../schemas/outcomes.js";
import { encodePosition, type OutcomePosition } from "../../schemas/topics.js";
import { START_MS } from "../support/records.js";

export const PERSON = "0123456789abcdef0123456789abcdef";
export const OTHER_PERSON = "fedcba9876543210fedcba9876543210";
const BUNDLE_HASH = "ab".repeat(32);

export function at(minutes: number): string {
  return formatInstant(START_MS + minutes * 60_000);
}

export function reason(rule: string, fields: Partial<Reason> = {}): Reason {
  return {
    rule,
    version: 1,
    mode: "live",
    action: "reject",
    severity: "critical",
    code: rule,
    facts: {},
    evidence: [],
    text: { "zh-CN": "说明", en: "explanation" },
    ...fields,
  };
}

type DecisionFields = Partial<Omit<DecisionOutcome, "swipe">> & {
  readonly swipe?: Partial<DecisionOutcome["swipe"]>;
};

/** A settle of 480.00 at a pharmacy of Hangzhou, approved. */
export function decision(eventId: string, fields: DecisionFields = {}): DecisionOutcome {
  const personKey = fields.personKey ?? PERSON;
  const { swipe, ...rest } = fields;
  return {
    type: "decision",
    decisionId: `${personKey.slice(0, 12)}-${eventId}-0`,
    eventId,
    personKey,
    cardTail: "1234",
    kind: "settle",
    action: "approve",
    reasons: [],
    responseCode: "00",
    advice: null,
    disputed: false,
    degraded: false,
    clockClamped: false,
    bundleHash: BUNDLE_HASH,
    engineVersion: "1",
    occurredAt: at(0),
    ...rest,
    swipe: {
      credential: "card",
      insuredRegion: "330100",
      careRegion: "330106",
      institutionId: "P33010600001",
      institutionKind: "pharmacy",
      totalFen: 48_000,
      accountFen: 40_000,
      cashFen: 8_000,
      ...swipe,
    },
  };
}

export function revision(
  of: DecisionOutcome,
  ordinal: number,
  fields: Partial<RevisionOutcome> = {},
): RevisionOutcome {
  const { decisionId, eventId, personKey, cardTail, bundleHash } = of;
  return {
    type: "revision",
    revisionId: `${personKey.slice(0, 12)}-${eventId}-${ordinal}`,
    decisionId,
    eventId,
    personKey,
    cardTail,
    action: "reject",
    reasons: [reason("R01")],
    causedBy: "c-1",
    disputed: false,
    bundleHash,
    ...fields,
  };
}

/** A phone report that lapses. */
export function lossReport(eventId: string, fields: Partial<TransitionOutcome> = {}): TransitionOutcome {
  return {
    type: "transition",
    eventId,
    personKey: PERSON,
    cardTail: "1234",
    credential: "card",
    action: "report-loss",
    from: "active",
    to: "provisional",
    applied: true,
    code: null,
    policyId: "p",
    reportedAt: at(0),
    effectiveAt: at(0),
    expiresAtMin: "2026-03-11T00:00:00.000+08:00",
    expiresAtMax: "2026-03-11T00:00:00.000+08:00",
    calendarUncertain: false,
    bundleHash: BUNDLE_HASH,
    ...fields,
  };
}

export function rejected(eventId: string, fields: DecisionFields = {}): DecisionOutcome {
  return decision(eventId, { action: "reject", reasons: [reason("R01")], ...fields });
}

export function challenged(eventId: string, fields: DecisionFields = {}): DecisionOutcome {
  const reasons = [reason("R09", { action: "challenge", severity: "high" })];
  return decision(eventId, { action: "challenge", reasons, ...fields });
}

export function reviewed(eventId: string, fields: DecisionFields = {}): DecisionOutcome {
  const reasons = [reason("R13", { action: "review", severity: "medium" })];
  return decision(eventId, { action: "review", reasons, ...fields });
}

/** Each outcome as caused by a journal record of its own. */
export function entries(outcomes: readonly LoggedOutcome[], firstJournalOffset = 0): LogEntry[] {
  return outcomes.map((outcome, i) =>
    entryOf(outcome, { journalOffset: firstJournalOffset + i, sequence: 0 }),
  );
}

export function entryOf(outcome: LoggedOutcome, position: OutcomePosition): LogEntry {
  const key = "personKey" in outcome ? (outcome.personKey ?? "") : PERSON;
  return { key, value: encodeBody(outcome), header: encodePosition(position) };
}

export function append(producer: LogProducer, outcomes: readonly LoggedOutcome[], first = 0) {
  return producer.append(0, entries(outcomes, first));
}
