/** Fields named like a PIN or a password are refused wherever they stand, so that none reaches a log or a disk. */

const ALLOWED = new Set(["pin", "pinIsDefault", "pinIsBirthday"]);
const SECRET_WORD =
  /^((card|user|old|new|bank)?pin(code|block|number|value|no)?|passcode|passphrase|pwd|psw)$/i;
/** No other word contains these. */
const SECRET_PART = /密码|口令|passw(or)?d/i;
/** Deeper nesting does not occur in any known message; beyond it names are not looked at, the zod schema drops them. */
const DEPTH_MAX = 8;

/** Path of the first forbidden field, or null. Keys in `known` at the top level are trusted by name. */
export function findForbiddenField(record: object, depth = 0): string | null {
  for (const [key, value] of Object.entries(record)) {
    if (!(depth === 0 && ALLOWED.has(key)) && isSecretName(key)) return key;
    if (typeof value === "object" && value !== null && depth < DEPTH_MAX) {
      const inner = findForbiddenField(value, depth + 1);
      if (inner !== null) return `${key}.${inner}`;
    }
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
