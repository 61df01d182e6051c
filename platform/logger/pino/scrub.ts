/**
 * Second net under the allow-list: numbers that may name a person are blotted out of a finished log line.
 * Hashes and tokens (16, 32 or 64 hexadecimal digits, not all of them decimal) and instants stay; epoch milliseconds
 * do not, they look like card numbers.
 */

const BLOT = "***";
/** 11 to 25 digits, perhaps with the X of an ID number; phone numbers, ID numbers, card numbers. */
const LONG_NUMBER = /(?<![0-9A-Za-z])(?:\+?86[- ]?)?\d(?:[- ]?\d){10,24}[Xx]?(?![0-9A-Za-z])/g;
/** ID numbers and phones inside other characters, such as an id built from them. */
const INNER_ID = /[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]/g;
const INNER_PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
/** Letters and digits as on social-security cards. */
const CARD_NUMBER = /(?<![0-9A-Za-z])[A-Za-z]{1,2}\d(?:[- ]?\d){7,23}(?![0-9A-Za-z])/g;
const HEXADECIMAL = /^(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})$/;

export function scrub(line: string): string {
  return line
    .replace(INNER_ID, (match, at: number) => (isInHash(line, at, match.length) ? match : BLOT))
    .replace(LONG_NUMBER, BLOT)
    .replace(INNER_PHONE, (match, at: number, whole: string) =>
      isInHash(whole, at, match.length) ? match : BLOT,
    )
    .replace(CARD_NUMBER, (match) => (HEXADECIMAL.test(match) ? match : BLOT));
}

/** Does the match lie inside a longer run that is a hash or token? */
function isInHash(text: string, at: number, length: number): boolean {
  let start = at;
  let end = at + length;
  while (start > 0 && /[0-9A-Za-z]/.test(text[start - 1]!)) start--;
  while (end < text.length && /[0-9A-Za-z]/.test(text[end]!)) end++;
  return HEXADECIMAL.test(text.slice(start, end));
}
