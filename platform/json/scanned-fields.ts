/** What an object scanner is told about a field: its name, its kind, and every limit its value must keep. */

export interface ScannedText {
  readonly kind: "text";
  readonly name: string;
  readonly charactersMin: number;
  readonly charactersMax: number;
  /** `plain` (the default): printable ASCII. `word`: letters, digits, `_` and `-`. `digit`: 0–9. */
  readonly alphabet?: "plain" | "word" | "digit";
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

const PLAIN_ASCII = /^[ !#-[\]-~]*$/;

/** The bytes of a key or choice. */
export function asciiBytes(text: string): Uint8Array {
  if (!PLAIN_ASCII.test(text))
    throw new Error(
      `'${text}' is not printable ASCII without quote and backslash: a scanner cannot look for it`,
    );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
