import type { JournalRecord } from "../../schemas/journal.js";
import { assertNever } from "./assert-never.js";
import { type Columns, setSwipe } from "./columns.js";

/** Sets the columns of table `journal_records` that come from the record itself. */
export function setJournalRecord(row: Columns, record: JournalRecord): void {
  row.type = record.type;
  switch (record.type) {
    case "swipe":
      setEvent(row, record);
      row.kind = record.kind;
      row.cardTail = record.cardTail;
      setSwipe(row, record);
      return;
    case "card-status":
      setEvent(row, record);
      row.receivedAt = record.receivedAt;
      row.cardKey = record.cardKey;
      row.cardTail = record.cardTail;
      row.credential = record.credential;
      row.statusAction = record.action;
      row.channel = record.channel;
      row.region = record.region;
      row.reportedAt = record.reportedAt;
      row.acceptedAt = record.acceptedAt;
      row.effectiveAt = record.effectiveAt;
      row.expiresAt = record.expiresAt;
      row.untilAt = record.until;
      row.newCardKey = record.newCardKey;
      row.verified = record.verified;
      row.agentKey = record.agentKey;
      return;
    case "person-fact":
      setEvent(row, record);
      row.receivedAt = record.receivedAt;
      row.fact = record.fact;
      row.filingKind = record.filingKind;
      row.region = record.region;
      row.fromAt = record.from;
      row.toAt = record.to;
      row.institutionId = record.institutionId;
      return;
    case "person-link":
    case "person-state":
      setEvent(row, record);
      return;
    case "carried":
      // What it brings has its row where it was appended first.
      setEvent(row, record.record);
      return;
    case "feedback":
      setEvent(row, record);
      row.receivedAt = record.receivedAt;
      row.rule = record.rule;
      row.verdict = record.verdict;
      return;
    case "answer-given":
      row.eventId = record.eventId;
      row.answerAction = record.action;
      row.answerReason = record.reason;
      return;
    case "heartbeat":
      row.feedId = record.feedId;
      row.occurredAt = record.occurredAt;
      row.receivedAt = record.receivedAt;
      return;
    case "activation":
      row.bundleHash = record.bundleHash;
      row.shadowBundleHash = record.shadowBundleHash;
      row.engineVersion = record.engineVersion;
      row.activationSequence = record.sequence;
      return;
    case "bootstrap":
      row.occurredAt = record.occurredAt;
      return;
    default:
      assertNever(record);
  }
}

function setEvent(row: Columns, event: { readonly eventId: string; readonly occurredAt: string }): void {
  row.eventId = event.eventId;
  row.occurredAt = event.occurredAt;
}
