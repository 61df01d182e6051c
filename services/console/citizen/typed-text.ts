/** What people type on a telephone, read with patience: full-width signs, spaces, small letters, O for 0. Pure. */

/** The signs of a case code; it is Crockford's alphabet, in which O is read as 0, I and L as 1. */
const CODE = /^[0-9A-HJKMNP-TV-Z]{8}$/;
const MISREAD: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };
const DASHES_AND_SPACES = /[\s\-‐‑‒–—―−－_.·,，。]/gu;
/** Longer is no slip of the finger; nothing is searched in it. */
const TYPED_LENGTH_MAX = 64;

/** `K7M2-Q9XW`; null where it cannot be one. */
export function caseCodeOf(typed: string): string | null {
  const signs = narrowed(typed)?.replace(/[OIL]/g, (sign) => MISREAD[sign]!) ?? "";
  return CODE.test(signs) ? `${signs.slice(0, 4)}-${signs.slice(4)}` : null;
}

/** Three digits and a digit or X; null where it cannot be the end of an ID number. */
export function idNumberLast4Of(typed: string): string | null {
  const signs = narrowed(typed) ?? "";
  return /^\d{3}[\dX]$/.test(signs) ? signs : null;
}

/** Six digits; null where they are not. */
export function oneTimeCodeOf(typed: string): string | null {
  const signs = narrowed(typed) ?? "";
  return /^\d{6}$/.test(signs) ? signs : null;
}

/** 12 to 19 digits; null where they are not. */
export function bankAccountOf(typed: string): string | null {
  const signs = narrowed(typed) ?? "";
  return /^\d{12,19}$/.test(signs) ? signs : null;
}

/** Cards carry Luhn's check digit, accounts of some banks do not: it can only be a reason to look again. */
export function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whole yuan or with two decimals, as fen; null where it is no amount. @param maxFen the largest that is taken. */
export function amountFenOf(typed: string, maxFen: number): number | null {
  const text = typed.length > TYPED_LENGTH_MAX ? "" : typed.normalize("NFKC").replace(/[\s,，¥元]/g, "");
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) return null;
  const fen = Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return fen <= maxFen ? fen : null;
}

function narrowed(typed: string): string | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  return typed.normalize("NFKC").replace(DASHES_AND_SPACES, "").toUpperCase();
}
