/** Rows of the journal as entries of a timeline, with what the judge said of them. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import { INSTITUTION_KINDS, SEVERITIES, SWIPE_KINDS } from "../../../schemas/fields.js";
import type {
  TimelineDecision,
  TimelineEntry,
  TimelineSwipe,
  TimelineTransition,
} from "../../../schemas/http/figures.js";
import { formatInstant } from "../../../schemas/instant.js";
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

export const JOURNAL_COLUMNS = `type, eventId, personKey, cardTail, cardKey, credential, kind, insuredRegion, careRegion,
  institutionId, institutionName, institutionKind, terminalId, operatorId, pin, agentKey, originalEventId, challengeOf,
  challengeResult, longitude, latitude, itemCount, statusAction, channel, region, fact, filingKind, rule, verdict, partition,
  toFloat64(logOffset) AS journal, toUInt32(0) AS sequence, toFloat64(toUnixTimestamp64Milli(occurredAt)) AS atMs,
  toFloat64(totalFen) AS total, toFloat64(accountFen) AS account, toFloat64(fundFen) AS fund, toFloat64(cashFen) AS cash,
  toFloat64(if(kind IN ('authorize', 'settle'), totalFen - least(totalFen, ifNull(cashFen, 0)), 0)) AS risk,
  ${["reportedAt", "effectiveAt", "fromAt", "toAt"].map((at) => `toFloat64(toUnixTimestamp64Milli(${at})) AS ${at}Ms`).join(", ")}`;

export function entryOf(row: Row, said: Said): TimelineEntry {
  const entry = {
    at: instantIn(row, "atMs"),
    eventId: textIn(row, "eventId"),
    personKey: textIn(row, "personKey"),
    position: positionOf(row),
  };
  const type = textIn(row, "type");
  switch (type) {
    case "swipe":
      return swipeOf(row, entry, said);
    case "card-status":
      return {
        ...{ type, ...entry, action: textIn(row, "statusAction"), cardTail: textIn(row, "cardTail") },
        credential: textIn(row, "credential"),
        region: textIn(row, "region"),
        channel: textIn(row, "channel"),
        reportedAt: instantOrNull(row, "reportedAtMs"),
        effectiveAt: instantOrNull(row, "effectiveAtMs"),
        transition: transitionOf(judgedBy(row, said.judged)),
      };
    case "person-fact":
      return {
        ...{ type, ...entry, fact: textIn(row, "fact"), filingKind: textIn(row, "filingKind") },
        region: textIn(row, "region"),
        from: instantOrNull(row, "fromAtMs"),
        to: instantOrNull(row, "toAtMs"),
      };
    case "feedback":
      return { type, ...entry, rule: textIn(row, "rule"), verdict: textIn(row, "verdict") };
    default:
      // Links, carried records, answers of other detectors: named, not explained.
      return { type: "other", ...entry, recordType: type };
  }
}

type Entry = Pick<TimelineSwipe, "at" | "eventId" | "personKey" | "position">;

function swipeOf(row: Row, entry: Entry, said: Said): TimelineSwipe {
  return {
    type: "swipe",
    ...entry,
    kind: oneOf(SWIPE_KINDS, row, "kind"),
    ...{ cardTail: textIn(row, "cardTail"), cardKey: textIn(row, "cardKey") },
    credential: textIn(row, "credential"),
    ...{ insuredRegion: textIn(row, "insuredRegion"), careRegion: textIn(row, "careRegion") },
    ...{ institutionId: textIn(row, "institutionId"), institutionName: textIn(row, "institutionName") },
    institutionKind: oneOf(INSTITUTION_KINDS, row, "institutionKind"),
    ...{ terminalId: textIn(row, "terminalId"), operatorId: textIn(row, "operatorId") },
    totalFen: numberIn(row, "total"),
    ...{ accountFen: numberOrNull(row, "account"), fundFen: numberOrNull(row, "fund") },
    ...{ cashFen: numberOrNull(row, "cash"), atRiskFen: numberIn(row, "risk") },
    ...{ pin: textIn(row, "pin"), agentKey: textIn(row, "agentKey") },
    ...{ originalEventId: textIn(row, "originalEventId"), challengeOf: textIn(row, "challengeOf") },
    challengeResult: textIn(row, "challengeResult"),
    ...{ longitude: numberOrNull(row, "longitude"), latitude: numberOrNull(row, "latitude") },
    items: numberIn(row, "itemCount"),
    decision: decisionOf(row, said),
  };
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

function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : numberIn(row, column);
}

function instantOrNull(row: Row, column: string): string | null {
  const ms = numberOrNull(row, column);
  return ms === null ? null : formatInstant(ms);
}
