/**
 * Fields named like a PIN or a password are refused wherever they stand, so that none reaches a log or a disk; and
 * what nests so deep that nobody looks there.
 */
import { NESTING_EXPECTED, NESTING_LEVELS_MAX } from "../../schemas/nesting.js";
import type { RefusalCode } from "./refusal.js";

const ALLOWED = new Set(["pin", "pinIsDefault", "pinIsBirthday"]);
const SECRET_WORD =
  /^((card|user|old|new|bank)?pin(code|block|number|value|no)?|passcode|passphrase|(old|new|usr|user|psn|card)?pwd|psw|pswd|paswd|mima)$/i;
/** No other word contains these. */
const SECRET_PART = /密码|口令|passw(or)?d/i;
/** Why a message is not looked at any further. */
export interface Objection {
  readonly code: Extract<RefusalCode, "FIELD_FORBIDDEN" | "FIELD_INVALID">;
  readonly field: string;
  readonly expected?: string;
}

/** The first forbidden or too deep field, or null. PIN results at the top level are trusted by name. */
export function objectionTo(record: object, level = 1): Objection | null {
  for (const [key, value] of Object.entries(record)) {
    if (!(level === 1 && ALLOWED.has(key)) && isSecretName(key))
      return { code: "FIELD_FORBIDDEN", field: key };
    if (typeof value !== "object" || value === null) continue;
    if (level === NESTING_LEVELS_MAX)
      return { code: "FIELD_INVALID", field: key, expected: NESTING_EXPECTED };
    const inner = objectionTo(value, level + 1);
    if (inner !== null) return { ...inner, field: `${key}.${inner.field}` };
  }
  return null;
}

const verdicts = new Map<string, boolean>();
/** Field names repeat endlessly; a bounded memory of verdicts keeps the regular expressions off the swipe path. */
const VERDICTS_MAX = 4096;

function isSecretName(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = SECRET_PART.test(name) || words(name).some((word) => SECRET_WORD.test(word));
  if (verdicts.size < VERDICTS_MAX) verdicts.set(name, verdict);
  return verdict;
}

/** `cardPinCode` → card, Pin, Code, cardPinCode: pairs of neighbours count too (pinCode). */
function words(name: string): string[] {
  const parts = name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== "");
  const pairs = parts.slice(1).map((part, index) => `${parts[index]}${part}`);
  return [...parts, ...pairs];
}
