/** What the carrier appends under the new key of a person, from what the judge of the former key wrote. Pure. */

import { formatInstant, parseInstantMs } from "../../schemas/instant.js";
import type {
  CanonicalCarried,
  CanonicalPersonState,
  Hop,
  JournalRecord,
  PersonMoveEvent,
} from "../../schemas/journal.js";
import type { LoggedOutcome, Outcome } from "../../schemas/outcomes.js";
import { afterHop } from "./carried-hops.js";

export type MovingOutcome = Extract<LoggedOutcome, { type: "person-moved" | "forwarded" }>;

/** The journal record that the outcome answers, with its place. */
export interface Cause {
  readonly record: JournalRecord;
  readonly offset: number;
  readonly appendedAtMs: number;
}

export function isMoving(outcome: Outcome | LoggedOutcome): outcome is MovingOutcome {
  return outcome.type === "person-moved" || outcome.type === "forwarded";
}

/** @throws Error where the journal record is none that such an outcome can come of. */
export function carriedRecord(outcome: MovingOutcome, cause: Cause): PersonMoveEvent {
  return outcome.type === "person-moved" ? firstState(outcome, cause) : sentOn(outcome, cause);
}

function firstState(
  { eventId, personKey, toPersonKey, state, stateSha256 }: Extract<MovingOutcome, { type: "person-moved" }>,
  cause: Cause,
): CanonicalPersonState {
  const link = cause.record.type === "carried" ? cause.record.record : cause.record;
  if (link.type !== "person-link") throw unexpected(cause);
  return {
    type: "person-state",
    eventId,
    occurredAt: link.occurredAt,
    personKey: toPersonKey,
    formerPersonKey: personKey,
    fromPersonKey: personKey,
    fromOffset: cause.offset,
    passed: [],
    isSamePath: false,
    smallestKey: personKey,
    hops: 0,
    state,
    stateSha256,
  };
}

function sentOn(outcome: MovingOutcome, cause: Cause): CanonicalPersonState | CanonicalCarried {
  const { eventId, personKey, toPersonKey } = outcome;
  const sent = { personKey: toPersonKey, fromPersonKey: personKey, fromOffset: cause.offset };
  const { record } = cause;
  if (record.type === "person-state")
    return { ...record, ...afterHop(record, hopOf(outcome, cause)), ...sent };
  const inner = record.type === "carried" ? record.record : record;
  switch (inner.type) {
    case "swipe":
    case "card-status":
    case "person-fact":
    case "person-link":
    case "feedback":
      return { type: "carried", eventId, ...sent, record: received(inner, cause.appendedAtMs) };
    default:
      throw unexpected(cause);
  }
}

/** It counts as appended when it was appended first. */
function received<Inner extends { readonly receivedAt?: string | undefined }>(
  record: Inner,
  appendedAtMs: number,
): Inner {
  const { receivedAt } = record;
  if (receivedAt !== undefined && parseInstantMs(receivedAt) <= appendedAtMs) return record;
  return { ...record, receivedAt: formatInstant(appendedAtMs) };
}

function hopOf(outcome: MovingOutcome, cause: Cause): Hop {
  if (outcome.type !== "forwarded" || outcome.hop === undefined) throw unexpected(cause);
  return outcome.hop;
}

function unexpected({ record, offset }: Cause): Error {
  return new Error(`journal offset ${offset}: a record of type ${record.type} moves nobody`);
}
