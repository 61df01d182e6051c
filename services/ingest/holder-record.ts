/** What a cardholder does, as the office sends it → the journal record that a source would have made of it. Pure. */

import type * as z from "zod";
import { type HolderRecord, holderRecord } from "../../schemas/holder-record.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { checkIdentities, checkTimes, decodeLine, eventIdOf } from "./accept.js";
import { canonicalCardStatusOfKeys, canonicalPersonFactOfKey } from "./canonicalise.js";
import { objectionTo } from "./forbidden-fields.js";
import { type Refusal, refusal } from "./refusal.js";

/** What a holder may not do is told as that, and not as one more wrong field. */
const WHAT_IS_DONE = ["type", "action", "fact"];

export function acceptHolderRecord(line: Uint8Array): JournalRecord | Refusal {
  const decoded = decodeLine(line);
  return "value" in decoded ? acceptValue(decoded.value) : decoded;
}

function acceptValue(value: unknown): JournalRecord | Refusal {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refusal("JSON_INVALID", { expected: "a JSON object" });
  const eventId = eventIdOf(value);
  const objection = objectionTo(value);
  if (objection !== null) return refusal(objection.code, { ...objection, eventId });
  const parsed = holderRecord.safeParse(value);
  if (!parsed.success) return refusalOf(parsed.error.issues[0], eventId);
  const record = parsed.data;
  return checkIdentities(record) ?? checkTimes(record, eventId) ?? checkCard(record) ?? canonicalOf(record);
}

function refusalOf(issue: z.core.$ZodIssue | undefined, eventId: string | null): Refusal {
  const field = issue?.path.join(".") ?? "";
  if (WHAT_IS_DONE.includes(field)) return refusal("NOT_THE_HOLDERS", { field, eventId });
  // The message of an unknown field repeats its name, which may be anything.
  const expected =
    issue?.code === "unrecognized_keys" ? "only fields that the address documents" : issue?.message;
  return refusal("FIELD_INVALID", { field, expected: expected ?? "the documented shape", eventId });
}

/** A journal record has both or neither. */
function checkCard(record: HolderRecord): Refusal | null {
  if (record.type !== "card-status") return null;
  const [hasKey, hasTail] = [isGiven(record.cardKey), isGiven(record.cardTail)];
  if (hasKey === hasTail) return null;
  return refusal("FIELD_INVALID", {
    field: hasKey ? "cardTail" : "cardKey",
    expected: "cardKey and cardTail together, or neither for all of the person's cards",
    eventId: record.eventId,
  });
}

function canonicalOf(record: HolderRecord): JournalRecord {
  if (record.type === "person-fact") return canonicalPersonFactOfKey(record, record.personKey);
  const { personKey, cardKey, cardTail } = record;
  const card = isGiven(cardKey) && isGiven(cardTail) ? { cardKey, cardTail } : {};
  return canonicalCardStatusOfKeys(record, { personKey, ...card });
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}
