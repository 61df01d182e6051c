/** How a package shows the holder: masked unless two people agreed (domain.md section 7). Pure. */

import type { Contact } from "../../../schemas/contact.js";
import type { ShownHolder } from "../../../schemas/evidence/package.js";

/** Of an ID number of 18 characters the vault knows the last four only. */
const ID_NUMBER_LENGTH = 18;
const TAIL_LENGTH = 4;
const STARS_MAX = 3;
const PHONE_DIGITS = 11;

export function shownHolderOf(contact: Contact | null, isMasked: boolean): ShownHolder | null {
  if (contact === null) return null;
  const idNumberTail = contact.idNumberLast4.padStart(ID_NUMBER_LENGTH, "*");
  if (!isMasked) return { name: contact.name, phone: contact.phone, idNumberTail };
  return { name: maskedName(contact.name), phone: maskedPhone(contact.phone), idNumberTail };
}

/** 王小明 → 王**; a character may be two UTF-16 units. */
export function maskedName(name: string): string {
  const characters = [...name];
  return characters[0] + "*".repeat(Math.min(STARS_MAX, Math.max(1, characters.length - 1)));
}

/** 13812340000 → 138****0000; the +86 before it says nothing of a person. */
export function maskedPhone(phone: string): string {
  const digits = phone.slice(-PHONE_DIGITS);
  return `${digits.slice(0, 3)}****${digits.slice(-TAIL_LENGTH)}`;
}
