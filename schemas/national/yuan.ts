/**
 * Money of the national platform: decimal yuan of at most 16 digits, two of them decimals (数值型 16,2), as a JSON
 * number or as text. Read and written digit by digit: no floating point touches it.
 */
import * as z from "zod";
import { AMOUNT_FEN_MAX } from "../fields.js";

/** Zeros beyond the second decimal are harmless; anything else there is no money. */
const YUAN_PATTERN = /^(-?)(\d{1,14})(?:\.(\d{1,2})0*)?$/;
const AMOUNT_YUAN_MAX = (AMOUNT_FEN_MAX / 100).toFixed(2);
const EXPECTED = `yuan such as 123.45, at most two decimals, at most ${AMOUNT_YUAN_MAX}`;
const EXPECTED_POSITIVE = `an amount ≥ 0 of ${EXPECTED}`;

/** An amount ≥ 0. */
export const yuan = z
  .union([z.number(), z.string()], { error: EXPECTED_POSITIVE })
  .refine((value) => (fenOf(value) ?? -1) >= 0, EXPECTED_POSITIVE);
/** Refunds are written with a minus by some (refd_setl_flag 1). */
export const signedYuan = z
  .union([z.number(), z.string()], { error: EXPECTED })
  .refine((value) => fenOf(value) !== null, EXPECTED);

/**
 * Integer fen; null where it is no amount. A JSON number is read by its shortest decimal text, which is the text that
 * was sent for all amounts of up to 15 digits (AMOUNT_FEN_MAX has 15).
 */
export function fenOf(value: number | string): number | null {
  const match = YUAN_PATTERN.exec(String(value).trim());
  if (match === null) return null;
  const [, sign, whole, decimals = ""] = match;
  const fen = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  if (fen > AMOUNT_FEN_MAX) return null;
  return sign === "-" && fen > 0 ? -fen : fen;
}

/** `12345` → `123.45` */
export function yuanTextOf(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, "0");
  return `${fen < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** As a JSON number: the platform's money is numeric. Its text has the same digits. */
export function yuanOf(fen: number): number {
  return Number(yuanTextOf(fen));
}
