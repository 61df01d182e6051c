/**
 * One raw record in, one canonical journal record or one refusal out. Pure: no clock, no I/O.
 * decode (bytes → JSON) → validate (zod) → forbidden fields, time range, links → tokenise.
 */

import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import {
  RAW_SCHEMAS,
  type RawActivation,
  type RawAnswerGiven,
  type RawBootstrap,
  type RawCardStatus,
  type RawFeedback,
  type RawHeartbeat,
  type RawPersonFact,
  type RawPersonLink,
  type RawRecord,
  type RawSwipe,
  type RawType,
  REQUIRED_BY_FACT,
} from "../../schemas/raw.js";
import {
  type CanonicalContext,
  canonicalActivationOf,
  canonicalAnswerGivenOf,
  canonicalCardStatusOf,
  canonicalFeedbackOf,
  canonicalHeartbeatOf,
  canonicalPersonFactOf,
  canonicalPersonLinkOf,
  canonicalSwipeOf,
} from "./canonicalise.js";
import { objectionTo } from "./forbidden-fields.js";
import { type Refusal, refusal } from "./refusal.js";

/** A settlement of 500 items with trace codes is about 200 kB. */
export const LINE_BYTES_MAX = 1 << 20;
const YEAR_1900_MS = Date.UTC(1900, 0, 1);
const YEAR_2000_MS = Date.UTC(2000, 0, 1);
const YEAR_2101_MS = Date.UTC(2101, 0, 1);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Decodes one line of NDJSON and accepts it. */
export function acceptBytes(line: Uint8Array, context: CanonicalContext): JournalRecord | Refusal {
  const decoded = decodeLine(line);
  return "value" in decoded ? acceptRecord(decoded.value, context) : decoded;
}

export function acceptText(text: string, context: CanonicalContext): JournalRecord | Refusal {
  const parsed = parseText(text);
  return "value" in parsed ? acceptRecord(parsed.value, context) : parsed;
}

/** Bytes → JSON value. */
export function decodeLine(line: Uint8Array): { readonly value: unknown } | Refusal {
  if (line.length > LINE_BYTES_MAX)
    return refusal("LINE_TOO_LONG", { expected: `at most ${LINE_BYTES_MAX} bytes` });
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return refusal("UTF8_INVALID");
  }
  return parseText(text);
}

function parseText(text: string): { readonly value: unknown } | Refusal {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return refusal("JSON_INVALID");
  }
}

/** Accepts a parsed value: an object of any record type of docs/design.md section 5. */
export function acceptRecord(value: unknown, context: CanonicalContext): JournalRecord | Refusal {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refusal("JSON_INVALID", { expected: "a JSON object" });
  const type = (value as { type?: unknown }).type;
  const eventId = eventIdOf(value);
  if (!isRawType(type))
    return refusal("TYPE_UNKNOWN", {
      field: "type",
      expected: `one of ${Object.keys(RAW_SCHEMAS).join(", ")}`,
      eventId,
    });
  const objection = objectionTo(value);
  if (objection !== null) return refusal(objection.code, { ...objection, eventId });
  const parsed = RAW_SCHEMAS[type].safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refusal("FIELD_INVALID", {
      field: issue?.path.join(".") ?? "",
      expected: issue?.message ?? "the documented shape",
      eventId,
    });
  }
  return (
    checkIdentities(parsed.data) ??
    checkTimes(parsed.data, eventId) ??
    canonicalOf(parsed.data, context, eventId)
  );
}

function isRawType(type: unknown): type is RawType {
  return typeof type === "string" && Object.hasOwn(RAW_SCHEMAS, type);
}

export function eventIdOf(value: object): string | null {
  const eventId = (value as { eventId?: unknown }).eventId;
  return typeof eventId === "string" && eventId.length <= 64 ? eventId : null;
}

const IDENTITY_FIELDS = [
  "eventId",
  "personId",
  "formerPersonId",
  "cardNumber",
  "newCardNumber",
  "agentId",
] as const;
const HALF_CHARACTER = /\p{Surrogate}/u;

/** Half a character has no UTF-8: two identities that differ in one would become the same token. */
export function checkIdentities(record: object): Refusal | null {
  const fields = record as Partial<Record<(typeof IDENTITY_FIELDS)[number], string | null>>;
  for (const field of IDENTITY_FIELDS) {
    const text = fields[field];
    if (typeof text === "string" && HALF_CHARACTER.test(text))
      return refusal("FIELD_INVALID", { field, expected: "whole characters (no lone surrogate)" });
  }
  return null;
}

interface InstantField {
  readonly name: string;
  readonly earliestMs: number;
  /** Exclusive. */
  readonly latestMs: number;
}

const moment = (name: string): InstantField => ({ name, earliestMs: YEAR_2000_MS, latestMs: YEAR_2101_MS });
/** Until when something holds: may say "without end". */
const end = (name: string): InstantField => ({ ...moment(name), latestMs: Number.POSITIVE_INFINITY });

const INSTANT_FIELDS: readonly InstantField[] = [
  ...["occurredAt", "receivedAt", "reportedAt", "acceptedAt", "effectiveAt"].map(moment),
  // A stay or filing may have begun before the cards did.
  { ...moment("from"), earliestMs: YEAR_1900_MS },
  ...["expiresAt", "until", "to"].map(end),
];

/** Days that do not exist, and clocks that never were set (1970) or jumped far ahead. */
export function checkTimes(record: object, eventId: string | null): Refusal | null {
  const fields = record as Readonly<Record<string, unknown>>;
  for (const { name, earliestMs, latestMs } of INSTANT_FIELDS) {
    const text = fields[name];
    if (typeof text !== "string") continue;
    const ms = parseInstantMs(text);
    if (Number.isNaN(ms))
      return refusal("FIELD_INVALID", { field: name, expected: "a day that exists in its month", eventId });
    if (ms < earliestMs || ms >= latestMs) return refusal("TIME_OUT_OF_RANGE", { field: name, eventId });
  }
  return null;
}

function canonicalOf(
  record: RawRecord,
  context: CanonicalContext,
  eventId: string | null,
): JournalRecord | Refusal {
  switch (record.type) {
    case "swipe":
      return acceptSwipe(record as RawSwipe, context);
    case "card-status":
      return canonicalCardStatusOf(record as RawCardStatus, context);
    case "person-fact":
      return acceptPersonFact(record as RawPersonFact, context);
    case "person-link":
      return acceptPersonLink(record as RawPersonLink, context);
    case "feedback":
      return acceptFeedback(record as RawFeedback, context, eventId);
    case "heartbeat":
      return canonicalHeartbeatOf(record as RawHeartbeat);
    case "answer-given":
      return canonicalAnswerGivenOf(record as RawAnswerGiven);
    case "activation":
      return canonicalActivationOf(record as RawActivation);
    case "bootstrap":
      return { ...(record as RawBootstrap) };
  }
}

function acceptSwipe(swipe: RawSwipe, context: CanonicalContext): JournalRecord | Refusal {
  const takesBack = swipe.kind === "cancel" || swipe.kind === "reverse";
  if (takesBack && (swipe.originalEventId === undefined || swipe.originalEventId === null))
    return refusal("ORIGINAL_MISSING", { field: "originalEventId", eventId: swipe.eventId });
  return canonicalSwipeOf(swipe, context);
}

function acceptPersonFact(fact: RawPersonFact, context: CanonicalContext): JournalRecord | Refusal {
  const missing = REQUIRED_BY_FACT[fact.fact]?.find(
    (field) => fact[field] === undefined || fact[field] === null,
  );
  if (missing === undefined) return canonicalPersonFactOf(fact, context);
  return refusal("FIELD_INVALID", {
    field: missing,
    expected: `a division code of 2, 4 or 6 digits: a ${fact.fact} says nothing without it`,
    eventId: fact.eventId,
  });
}

function acceptPersonLink(link: RawPersonLink, context: CanonicalContext): JournalRecord | Refusal {
  if (link.personId === link.formerPersonId)
    return refusal("FIELD_INVALID", {
      field: "formerPersonId",
      expected: "another number than personId",
      eventId: link.eventId,
    });
  return canonicalPersonLinkOf(link, context);
}

function acceptFeedback(
  feedback: RawFeedback,
  context: CanonicalContext,
  eventId: string | null,
): JournalRecord | Refusal {
  const { personKey, personId } = feedback;
  if (typeof personKey === "string") return canonicalFeedbackOf({ ...feedback, personKey }, context);
  if (typeof personId === "string") return canonicalFeedbackOf({ ...feedback, personId }, context);
  return refusal("PERSON_MISSING", { field: "personKey", eventId });
}

export function isRefusal(result: JournalRecord | Refusal): result is Refusal {
  return "refused" in result;
}
