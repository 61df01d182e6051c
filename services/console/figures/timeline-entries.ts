/** Rows of the journal as entries of a timeline, with what the judge said of them. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import { SEVERITIES } from "../../../schemas/fields.js";
import type {
  TimelineDecision,
  TimelineEntry,
  TimelineSwipe,
  TimelineTransition,
} from "../../../schemas/http/figures.js";
import { canonicalInstant } from "../../../schemas/instant.js";
import type { CanonicalSwipe } from "../../../schemas/journal.js";
import { decodeJournalJson } from "../../../schemas/log-body.js";
import type { DecisionOutcome, TransitionOutcome } from "../../../schemas/outcomes.js";
import { actionIn, oneOf, textsIn } from "./decision-rows.js";
import { instantIn, numberIn, textIn } from "./figure-sums.js";
import { type JudgedOutcome, type PlacedOutcome, type PlacedRevision, revisedBy } from "./person-rows.js";

export interface Said {
  /** By event: decisions with reasons, transitions. */
  readonly judged: ReadonlyMap<string, readonly PlacedOutcome[]>;
  /** By event: rows of `decision_list`, of those without. */
  readonly plain: ReadonlyMap<string, readonly Row[]>;
  /** By decision. */
  readonly revisions: ReadonlyMap<string, readonly PlacedRevision[]>;
}

/**
 * What was said of a record: of the one that lies there, or, where it was carried to another key, of the event there. A
 * repeat of an earlier event has nothing of its own.
 */
export function judgedBy(row: Row, judged: Said["judged"]): JudgedOutcome | undefined {
  const said = judged.get(textIn(row, "eventId")) ?? [];
  const personKey = textIn(row, "personKey");
  return (
    said.find(({ position }) => position === positionOf(row)) ??
    said.find(({ outcome }) => outcome.personKey !== personKey)
  )?.outcome;
}

function plainOf(row: Row, plain: Said["plain"]): Row | undefined {
  const said = plain.get(textIn(row, "eventId")) ?? [];
  return (
    said.find((decision) => positionOf(decision) === positionOf(row)) ??
    said.find((decision) => decision.person !== row.personKey)
  );
}

function positionOf(row: Row): string {
  return `${numberIn(row, "partition")}/${numberIn(row, "journal")}`;
}

/**
 * What a row says beside its place is read from the record itself: each of forty columns would be a file to open in every
 * part that has the person. States of persons on their way (40 KB) are not told, so they are not fetched.
 */
export const JOURNAL_COLUMNS = `type, eventId, personKey, partition, toFloat64(logOffset) AS journal, toUInt32(0) AS sequence,
  toFloat64(toUnixTimestamp64Milli(occurredAt)) AS atMs,
  if(type IN ('swipe', 'card-status', 'person-fact', 'feedback'), body, '') AS record`;

export function entryOf(row: Row, said: Said): TimelineEntry {
  const entry = {
    at: instantIn(row, "atMs"),
    eventId: textIn(row, "eventId"),
    personKey: textIn(row, "personKey"),
    position: positionOf(row),
  };
  const json = textIn(row, "record");
  const record = json === "" ? null : decodeJournalJson(json);
  switch (record?.type) {
    case "swipe":
      return { type: "swipe", ...entry, ...swipeFields(record), decision: decisionOf(row, said) };
    case "card-status":
      return {
        ...{ type: record.type, ...entry, action: record.action, cardTail: record.cardTail ?? "" },
        credential: record.credential,
        region: record.region,
        channel: record.channel ?? "",
        reportedAt: instantOrNull(record.reportedAt),
        effectiveAt: instantOrNull(record.effectiveAt),
        transition: transitionOf(judgedBy(row, said.judged)),
      };
    case "person-fact":
      return {
        ...{ type: record.type, ...entry, fact: record.fact, filingKind: record.filingKind ?? "" },
        region: record.region ?? "",
        from: instantOrNull(record.from),
        to: instantOrNull(record.to),
      };
    case "feedback":
      return { type: record.type, ...entry, rule: record.rule, verdict: record.verdict };
    default:
      // Links, carried records, answers of other detectors: named, not explained.
      return { type: "other", ...entry, recordType: textIn(row, "type") };
  }
}

type SwipeFields = Omit<TimelineSwipe, "type" | "at" | "eventId" | "personKey" | "position" | "decision">;

function swipeFields(swipe: CanonicalSwipe): SwipeFields {
  return {
    kind: swipe.kind,
    ...{ cardTail: swipe.cardTail ?? "", cardKey: swipe.cardKey ?? "" },
    credential: swipe.credential,
    ...{ insuredRegion: swipe.insuredRegion, careRegion: swipe.careRegion },
    ...{ institutionId: swipe.institutionId, institutionName: swipe.institutionName ?? "" },
    institutionKind: swipe.institutionKind,
    ...{ terminalId: swipe.terminalId ?? "", operatorId: swipe.operatorId ?? "" },
    totalFen: swipe.totalFen,
    ...{ accountFen: swipe.accountFen ?? null, fundFen: swipe.fundFen ?? null },
    ...{ cashFen: swipe.cashFen ?? null, atRiskFen: atRiskFenOf(swipe) },
    ...{ pin: swipe.pin ?? "", agentKey: swipe.agentKey ?? "" },
    ...{ originalEventId: swipe.originalEventId ?? "", challengeOf: swipe.challengeOf ?? "" },
    challengeResult: swipe.challengeResult ?? "",
    ...{ longitude: swipe.longitude ?? null, latitude: swipe.latitude ?? null },
    items: swipe.items?.length ?? 0,
  };
}

/** What of it is not the holder's own cash, as the figures count it (services/analytics/rolled-statements.ts). */
function atRiskFenOf({ kind, totalFen, cashFen = 0 }: CanonicalSwipe): number {
  return kind === "authorize" || kind === "settle" ? Math.max(0, totalFen - cashFen) : 0;
}

function decisionOf(row: Row, { judged, plain, revisions }: Said): TimelineDecision | null {
  const outcome = judgedBy(row, judged);
  if (outcome?.type === "decision") return revised(fromOutcome(outcome), revisions.get(outcome.decisionId));
  const listed = plainOf(row, plain);
  if (listed === undefined) return null;
  const decision = fromRow(listed);
  return revised(decision, revisions.get(decision.decisionId));
}

function fromOutcome(outcome: DecisionOutcome): TimelineDecision {
  const live = outcome.reasons.filter(({ mode }) => mode === "live");
  return {
    ...{ decisionId: outcome.decisionId, action: outcome.action, effectiveAction: outcome.action },
    severity:
      live
        .map(({ severity }) => severity)
        .sort(bySeverity)
        .at(-1) ?? "none",
    responseCode: outcome.responseCode,
    rules: live.map(({ rule }) => rule),
    shadowRules: outcome.reasons.filter(({ mode }) => mode === "shadow").map(({ rule }) => rule),
    reasons: outcome.reasons.map((reason) => ({ ...reason })),
    ...{ disputed: outcome.disputed, degraded: outcome.degraded, clockClamped: outcome.clockClamped },
    ...{ bundleHash: outcome.bundleHash, engineVersion: outcome.engineVersion },
    revisions: [],
  };
}

function fromRow(row: Row): TimelineDecision {
  const action = actionIn(row);
  return {
    ...{ decisionId: textIn(row, "decision"), action, effectiveAction: action },
    severity: oneOf(["none", ...SEVERITIES], row, "severity"),
    ...{ rules: textsIn(row, "rules"), shadowRules: textsIn(row, "shadowRules"), reasons: [] },
    ...{ disputed: row.disputed === true, degraded: row.degraded === true },
    ...{ responseCode: textIn(row, "responseCode"), clockClamped: row.clockClamped === true },
    ...{ bundleHash: textIn(row, "bundleHash"), engineVersion: textIn(row, "engineVersion") },
    revisions: [],
  };
}

function revised(decision: TimelineDecision, placed: readonly PlacedRevision[] = []): TimelineDecision {
  return {
    ...decision,
    effectiveAction: revisedBy(placed)?.action ?? decision.action,
    revisions: placed.map(({ at, revision }) => ({
      ...{ revisionId: revision.revisionId, at, action: revision.action, causedBy: revision.causedBy },
      rules: revision.reasons.filter(({ mode }) => mode === "live").map(({ rule }) => rule),
      reasons: revision.reasons.map((reason) => ({ ...reason })),
    })),
  };
}

function transitionOf(outcome: JudgedOutcome | undefined): TimelineTransition | null {
  return outcome?.type === "transition" ? fromTransition(outcome) : null;
}

function fromTransition(outcome: TransitionOutcome): TimelineTransition {
  return {
    ...{ from: outcome.from, to: outcome.to, applied: outcome.applied },
    ...{ code: outcome.code ?? "", policyId: outcome.policyId ?? "", effectiveAt: outcome.effectiveAt },
    ...{ expiresAtMin: outcome.expiresAtMin, expiresAtMax: outcome.expiresAtMax },
    calendarUncertain: outcome.calendarUncertain,
  };
}

const STRENGTH = ["low", "medium", "high", "critical"];
function bySeverity(a: string, b: string): number {
  return STRENGTH.indexOf(a) - STRENGTH.indexOf(b);
}

function instantOrNull(text: string | undefined): string | null {
  return text === undefined ? null : canonicalInstant(text);
}
