/** How to reach a person: kept only in the vault, sealed, never in journal, decisions or logs. */
import * as z from "zod";

const CONTACT_NAME_LENGTH_MAX = 64;

export const phone = z
  .string()
  .regex(/^(\+86)?1[3-9]\d{9}$/, "a mobile number of mainland China: 11 digits, +86 before them or not");
export const idNumberLast4 = z
  .string()
  .regex(/^\d{3}[\dX]$/, "the last four characters of the ID number: digits, the last may be X");

export const contact = z.object({
  phone,
  name: z.string().min(1).max(CONTACT_NAME_LENGTH_MAX),
  idNumberLast4,
});

export type Contact = z.infer<typeof contact>;

/** As the vault keeps it. */
const keptContact = contact.extend({
  /** A copy that a person on the way to this key has brought: what came under the former key since takes its place. */
  isBrought: z.literal(true).optional(),
});

export type KeptContact = z.infer<typeof keptContact>;

const PREFIX = "contact/";

/** Key of a person's contact in the key-value store. */
export function contactKey(personKey: string): string {
  return `${PREFIX}${personKey}`;
}

/** What a contact is sealed for: a value moved to another person does not open. */
export function contactContext(personKey: string): string {
  return personKey;
}

export function encodeContact(value: KeptContact): Uint8Array {
  return Buffer.from(JSON.stringify(value), "utf8");
}

/** @throws ZodError or SyntaxError where the opened bytes are no contact. */
export function decodeContact(bytes: Uint8Array): Contact {
  return contact.parse(jsonIn(bytes));
}

/** @throws as `decodeContact`. */
export function decodeKeptContact(bytes: Uint8Array): KeptContact {
  return keptContact.parse(jsonIn(bytes));
}

function jsonIn(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
}
