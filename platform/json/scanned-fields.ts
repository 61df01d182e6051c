/** What an object scanner is told about a field: its name, its kind, and every limit its value must keep. */

export interface ScannedText {
  readonly kind: "text";
  readonly name: string;
  readonly charactersMin: number;
  readonly charactersMax: number;
  /** `ascii` (the default): printable ASCII. `word`: letters, digits, `_` and `-`. `digit`: 0–9. */
  readonly alphabet?: "ascii" | "word" | "digit";
}

/** A non-negative integer of at most 15 digits, so that it is exact in a double. */
export interface ScannedInteger {
  readonly kind: "integer";
  readonly name: string;
}

/** A decimal number of at most 15 digits without an exponent. */
export interface ScannedDecimal {
  readonly kind: "decimal";
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** One of a few words of printable ASCII. */
export interface ScannedChoice {
  readonly kind: "choice";
  readonly name: string;
  readonly choices: readonly string[];
}

export type ScannedField = ScannedText | ScannedInteger | ScannedDecimal | ScannedChoice;

/** Bits of the character table. */
export const Alphabet = { ASCII: 1, WORD: 2, DIGIT: 4 } as const;

/** For every byte the alphabets it belongs to; the quote, the backslash and all beyond ASCII belong to none. */
export const ALPHABETS: Uint8Array = alphabetTable();

function alphabetTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0x20; code < 0x7f; code++) {
    const character = String.fromCharCode(code);
    if (character === '"' || character === "\\") continue;
    table[code] =
      Alphabet.ASCII |
      (/[\w-]/.test(character) ? Alphabet.WORD : 0) |
      (/[0-9]/.test(character) ? Alphabet.DIGIT : 0);
  }
  return table;
}

export function asciiBytes(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  if (bytes.some((byte) => ALPHABETS[byte] === 0) || bytes.length !== text.length)
    throw new Error(`'${text}' is not plain printable ASCII: a scanner cannot look for it`);
  return bytes;
}
