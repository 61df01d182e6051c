/**
 * Raw records from only the fields that matter: the type follows from the field that tells it, the rest is filled in.
 * Instants are written as moments: `+30m`, `-24h-1ms` from the base, or a Shanghai time such as `2026-05-06 09:00`.
 */

import { formatInstant, parseInstantMs } from "../../schemas/instant.js";
import * as raw from "../../schemas/raw.js";

/** Moment zero, a Wednesday. Nothing depends on the day but cases that name days themselves. */
const BASE_MS = parseInstantMs("2026-05-06T10:00:00.000+08:00");
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const OFFSET = /^([+-]\d+(ms|s|m|h|d))+$/;
const SHANGHAI_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)$/;

/** Milliseconds of an offset from the base. */
export function offsetMs(offset: string): number {
  if (!OFFSET.test(offset))
    throw new Error(
      `moment '${offset}': expected offsets such as '+30m' or '-24h-1ms', units ms, s, m, h, d`,
    );
  let sumMs = 0;
  for (const [, count, unit] of offset.matchAll(/([+-]\d+)(ms|s|m|h|d)/g))
    sumMs += Number(count) * UNIT_MS[unit!]!;
  return sumMs;
}

/** A moment as it is written on the wire. */
export function instantOf(moment: string): string {
  const time = SHANGHAI_TIME.exec(moment);
  if (time !== null) return formatInstant(parseInstantMs(`${time[1]}T${time[2]}+08:00`));
  return formatInstant(BASE_MS + offsetMs(moment));
}

/** Fields of a raw record, instants as moments, `at` for occurredAt. */
export type RecordFields = Readonly<Record<string, unknown>>;

const SCHEMAS = {
  swipe: raw.rawSwipe,
  "card-status": raw.rawCardStatus,
  "person-fact": raw.rawPersonFact,
  feedback: raw.rawFeedback,
  heartbeat: raw.rawHeartbeat,
} as const;
type RecordType = keyof typeof SCHEMAS;

/** The field that tells each type; a record with none of them is a swipe. */
const TYPE_BY_FIELD: readonly (readonly [string, RecordType])[] = [
  ["action", "card-status"],
  ["fact", "person-fact"],
  ["verdict", "feedback"],
  ["feedId", "heartbeat"],
];
const MOMENT_FIELDS = [
  "receivedAt",
  "reportedAt",
  "acceptedAt",
  "effectiveAt",
  "expiresAt",
  "until",
  "from",
  "to",
];

/** A whole raw record; fields set to null stay away. Misspelt fields throw: the journal would drop them. */
export function rawRecord(fields: RecordFields, eventId: string): object {
  const { at, ...given } = fields;
  const type = typeOf(given);
  const record: Record<string, unknown> = {
    ...defaultsOf(type, given),
    ...(type === "heartbeat" ? {} : { eventId }),
    ...given,
    type,
    occurredAt: instantOf(String(at)),
  };
  for (const field of MOMENT_FIELDS)
    if (typeof record[field] === "string") record[field] = instantOf(record[field]);
  refuseUnknownFields(type, record);
  return record;
}

function typeOf(fields: RecordFields): RecordType {
  return TYPE_BY_FIELD.find(([field]) => field in fields)?.[1] ?? "swipe";
}

function defaultsOf(type: RecordType, given: RecordFields): RecordFields {
  const person = { personId: "person-1" };
  switch (type) {
    case "swipe":
      return {
        ...person,
        ...numbered(given, "card"),
        kind: "settle",
        insuredRegion: "330100",
        careRegion: "330100",
        institutionId: "pharmacy-1",
        institutionKind: "pharmacy",
        totalFen: 1000,
      };
    case "card-status":
      return {
        ...person,
        ...numbered(given, given.action === "issue-temporary" ? "temporary-card" : "card"),
        region: "330100",
      };
    case "person-fact":
    case "feedback":
      return person;
    case "heartbeat":
      return {};
  }
}

/** Each credential has a number of its own: `card-1`, `e-credential-1` … */
function numbered(given: RecordFields, credentialDefault: string): RecordFields {
  const credential = String(given.credential ?? credentialDefault);
  return { credential, cardNumber: `${credential}-1` };
}

function refuseUnknownFields(type: RecordType, record: RecordFields): void {
  const known = Object.keys(SCHEMAS[type].shape);
  const unknown = Object.keys(record).filter((field) => !known.includes(field));
  if (unknown.length > 0)
    throw new Error(`${type}: unknown field '${unknown[0]}'; known: at, ${known.join(", ")}`);
}
