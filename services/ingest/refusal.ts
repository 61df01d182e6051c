/** Why a raw record is not accepted. Expected refusals are values, never exceptions. */

export const REFUSAL_CODES = {
  UTF8_INVALID: "the line is not valid UTF-8; send UTF-8 encoded JSON",
  LINE_TOO_LONG: "the line is longer than a record may be; send one JSON object a line",
  EMPTY: "there is no content (a tombstone?); send one JSON object in each message",
  JSON_INVALID: "the line is not one complete JSON object; check for truncation or stray commas",
  TYPE_UNKNOWN: "unknown record type",
  TYPE_UNEXPECTED: "this address does not take records of that type; send each type to its own address",
  RECORD_TOO_LONG:
    "the record is longer than the journal takes; send fewer items or trace codes in one message",
  FIELD_INVALID: "a field has not the expected shape",
  FIELD_FORBIDDEN:
    "PINs and passwords must never be sent; remove the field and send the verifier's result in `pin`",
  TIME_OUT_OF_RANGE: "the time must lie between the years 2000 and 2100; check the clock it comes from",
  ORIGINAL_MISSING: "a cancel or reverse needs originalEventId, the eventId of the settle it takes back",
  STAY_UNKNOWN: "the admission that is taken back is not known to be the person's latest one",
  NOT_THE_HOLDERS:
    "cardholders report the loss of a card (report-loss) and set limits; everything else is the bureau's, and comes from its system",
  PERSON_MISSING: "feedback needs personKey or personId",
  EVENT_ID_REUSED:
    "this eventId was used before with other content; send every message under an eventId of its own",
  LINK_CYCLE:
    "the new number had moved to this one before: both are one person already and stay so, links are final; nothing to do, and send what is new under either number",
  CARRIED_BEFORE: "a record of a former number that was brought here before; nothing to do",
  TRANSACTION_UNKNOWN: "no transaction of the national platform that Kadun knows",
  TRANSACTION_NOT_TAKEN: "this transaction of the national platform becomes no record",
  TRANSACTION_FAILED: "the message was sent on with a reply that says it did not take place",
  INSTITUTION_UNKNOWN: "neither its code nor the register says what the institution is",
  RECORD_FAILED:
    "Kadun failed on this record, which must not happen; it is kept: report it, and drive it again with a version that is mended",
  ACTIVATION_SUPERSEDED: "an activation of a higher sequence came before it; nothing changed",
  ACTIVATION_CONFLICT:
    "an activation of the same sequence with other content came before it; nothing changed, publish under a sequence of its own",
  ENGINE_UNKNOWN: "the activation names an engine that this program does not carry; use a release that does",
  BUNDLE_UNKNOWN: "the activation names a bundle that is not loaded; give it with --ruleset and --policies",
} as const;

export type RefusalCode = keyof typeof REFUSAL_CODES;

export interface Refusal {
  readonly refused: true;
  readonly code: RefusalCode;
  /** Path of the field, such as `items.0.amountFen`; empty for the whole record. */
  readonly field: string;
  /** What was expected and what to do. Never contains the offending value: it may be personal. */
  readonly reason: string;
  readonly eventId: string | null;
}

export function refusal(
  code: RefusalCode,
  details: {
    readonly field?: string;
    readonly expected?: string;
    /** Said after the code's reason where nothing else was expected. */
    readonly why?: string;
    readonly eventId?: string | null;
  } = {},
): Refusal {
  const expected = details.expected === undefined ? "" : `: expected ${bareOf(details.expected)}`;
  const why = details.why === undefined ? "" : `: ${details.why}`;
  return {
    refused: true,
    code,
    field: details.field ?? "",
    reason: `${REFUSAL_CODES[code]}${expected}${why}`,
    eventId: details.eventId ?? null,
  };
}

/** `Invalid input: expected string, received undefined` → `string, received undefined` */
function bareOf(expected: string): string {
  return expected.replace(/^[A-Z][a-z ]+: expected /, "");
}

/** Not a fault of the sender's: such a message is no record of Kadun. It is acknowledged and counted, and not kept. */
export function isNotTaken({ code }: Refusal): boolean {
  return code === "TRANSACTION_NOT_TAKEN";
}
