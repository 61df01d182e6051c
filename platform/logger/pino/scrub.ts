/**
 * Second net under the allow-list: what looks like a number of a person is blotted out.
 *
 * 1. `scrub` takes texts before they become JSON: there an escape (`\n`) is no letter before a number. `scrubLine` takes
 *    finished lines, and leaves JSON behind.
 * 2. A word (letters and digits in a row) goes whole where it holds 9 digits in a row or 8 among at most 25 characters:
 *    ID numbers with X, phones, bank cards, social-security cards with letters, glued to other words or not.
 * 3. Digits in groups (`6228 4804 …`, `138-1234-5678`) go where there are 11 or more, 8 behind a letter or two.
 * 4. Hashes and tokens (16, 32 or 64 hexadecimal digits, small letters among them) and ISO instants stay.
 *    Other long numbers such as epoch milliseconds go too: nothing tells them from a card number.
 */

const BLOT = "***";
const DIGITS_IN_A_ROW = 9;
const CARD_DIGITS_MIN = 8;
const CARD_LENGTH_MAX = 25;
/** One letter in 16 characters is a card number rather than a token (one token in 200 has so few). */
const TOKEN_LETTERS_MIN = 2;

const WORD = /[0-9A-Za-z]+/g;
const GROUPS = /(?<![0-9A-Za-z])\d(?:[-_. \u00a0]?\d){10,}[Xx]?(?![0-9A-Za-z])/g;
const LETTERS_AND_GROUPS = /(?<![0-9A-Za-z])[A-Za-z]{1,2}\d(?:[- ]?\d){7,}(?![0-9A-Za-z])/g;
const HEXADECIMAL = /^(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})$/;
const LONG_RUN = new RegExp(`\\d{${DIGITS_IN_A_ROW}}`);
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const FULL_WIDTH_OFFSET = 0xfee0;

export function scrub(text: string): string {
  return text
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(WORD, (word) => (isPersonal(word) ? BLOT : word))
    .replace(GROUPS, BLOT)
    .replace(LETTERS_AND_GROUPS, BLOT);
}

/** A number as JSON writes it, as the value of a field. */
const NUMBER_FIELD = /((?<!\\)"[A-Za-z]+":)(-?\d[\d.eE+-]*)(?=[,}])/;
/** Positions in a log and sizes may be long; they are numbers of no person. */
const MAY_BE_LONG: ReadonlySet<string> = new Set(['"offset":', '"bytes":']);
const ESCAPE = /(\\(?:u[0-9a-f]{4}|.))/;

/** @param line JSON, and stays JSON: a bare number that goes becomes a text, escapes are left alone. */
export function scrubLine(line: string): string {
  const parts = line.split(NUMBER_FIELD);
  let scrubbed = scrubTexts(parts[0]!);
  for (let i = 1; i < parts.length; i += 3) {
    const [name, value, texts] = [parts[i]!, parts[i + 1]!, parts[i + 2]!];
    const isKept = MAY_BE_LONG.has(name) || !LONG_RUN.test(value);
    scrubbed += `${name}${isKept ? value : `"${BLOT}"`}${scrubTexts(texts)}`;
  }
  return scrubbed;
}

function scrubTexts(json: string): string {
  return json
    .split(ESCAPE)
    .map((piece, index) => (index % 2 === 1 ? piece : scrub(piece)))
    .join("");
}

function isPersonal(word: string): boolean {
  if (isToken(word)) return false;
  if (LONG_RUN.test(word)) return true;
  return (
    word.length <= CARD_LENGTH_MAX && count(word, /\d/g) >= CARD_DIGITS_MIN && word.length > CARD_DIGITS_MIN
  );
}

function isToken(word: string): boolean {
  return HEXADECIMAL.test(word) && count(word, /[a-f]/g) >= TOKEN_LETTERS_MIN;
}

function count(word: string, pattern: RegExp): number {
  return word.match(pattern)?.length ?? 0;
}
