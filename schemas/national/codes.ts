/**
 * Codes as senders write them: text, or a number where all its characters are digits (`41`, `330100`). Read as text.
 */
import * as z from "zod";
import { IDENTIFIER_LENGTH_MAX } from "../fields.js";
import { isResidentNumber } from "./certificate.js";

export const MSGID_LENGTH_MAX = 30;

/** Beyond 2^53 a JSON number is no longer the number that was sent. */
const wholeNumber = z.number().int().min(0);

/** @param lengthMax in UTF-16 units. */
export function code(lengthMax = IDENTIFIER_LENGTH_MAX) {
  return z
    .union([z.string().min(1).max(lengthMax), wholeNumber], {
      error: `text of 1 to ${lengthMax} characters, or a whole number up to 2^53`,
    })
    .transform(String);
}

const DIVISION_EXPECTED = "a division code of 6 digits";
export const division = z
  .union([z.string().regex(/^\d{6}$/, DIVISION_EXPECTED), z.number().int().min(100_000).max(999_999)], {
    error: DIVISION_EXPECTED,
  })
  .transform(String);

/** It is kept in clear, so it must not be somebody's number. */
export const msgid = z
  .string()
  .min(1)
  .max(MSGID_LENGTH_MAX)
  .refine((text) => !isResidentNumber(text), "a message id, not the number of an ID card");
