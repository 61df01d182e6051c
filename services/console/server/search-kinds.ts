/** What a typed text can be, by its form: pure. */

import { EVENT_ID_LENGTH_MAX, IDENTIFIER_LENGTH_MAX } from "../../../schemas/fields.js";
import type { SearchKind } from "../../../schemas/http/subjects.js";

/** Signs of case codes: no I, L, O and U (services/alerts/cases/case-code.ts). */
const CASE_CODE = /^([0-9A-HJKMNP-TV-Z]{4})[-\s]?([0-9A-HJKMNP-TV-Z]{4})$/i;
const CASE_ID =
  /^([0-9a-f]{32}|(institution|terminal|operator|agent|trace-code|card)-[0-9a-f]{16})-[1-9]\d{0,8}$/;
const CARD_TAIL = /^\d{4}$/;
const APPEAL_NUMBER = /^SS\d{10,13}$/i;
const PERSON_TOKEN = /^[0-9a-f]{32}$/i;
/** Names of one sign are everywhere. */
const NAME_LENGTH_MIN = 2;

/** Longer texts are none of these. */
export const TYPED_LENGTH_MAX = IDENTIFIER_LENGTH_MAX;

/** Trimmed, as it is looked up. */
export function searchKinds(typed: string): readonly SearchKind[] {
  const kinds: SearchKind[] = [];
  if (CASE_CODE.test(typed)) kinds.push("case-code");
  if (CASE_ID.test(typed)) kinds.push("case");
  if (CARD_TAIL.test(typed)) kinds.push("card-tail");
  if (APPEAL_NUMBER.test(typed)) kinds.push("appeal");
  if (PERSON_TOKEN.test(typed)) kinds.push("person");
  if (typed.length >= NAME_LENGTH_MIN && !kinds.includes("case")) kinds.push("institution");
  if (typed !== "" && [...typed].length <= EVENT_ID_LENGTH_MAX && !kinds.includes("case"))
    kinds.push("event");
  return kinds;
}

/** `k7m2q9xw` as it is stored: `K7M2-Q9XW`. */
export function caseCodeOf(typed: string): string {
  return typed.replace(CASE_CODE, (_, first: string, second: string) => `${first}-${second}`).toUpperCase();
}
