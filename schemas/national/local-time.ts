/**
 * Times of the national platform: Asia/Shanghai without an offset (`yyyy-MM-dd HH:mm:ss`), dates (`yyyy-MM-dd`), and
 * the reply's 17 digits (`yyyyMMddHHmmssSSS`).
 */
import * as z from "zod";
import { canonicalInstant, formatInstant, parseInstantMs } from "../instant.js";

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?`;
const TIME_PATTERN = new RegExp(`^${DATE}[ T]${CLOCK}$`);
const MOMENT_PATTERN = new RegExp(`^${DATE}(?:[ T]${CLOCK})?$`);
const OFFSET = "+08:00";
const DAY_MS = 86_400_000;

const exists = (text: string) => !Number.isNaN(parseInstantMs(instantOf(text)));
const DAY_EXPECTED = "a day that exists in its month";

/** Date and time. */
export const localTime = z
  .string()
  .regex(TIME_PATTERN, "a time of Asia/Shanghai such as 2026-03-01 10:00:00")
  .refine(exists, DAY_EXPECTED);
/** A date, with or without a time. */
export const localMoment = z
  .string()
  .regex(MOMENT_PATTERN, "a date such as 2026-03-01, or a time such as 2026-03-01 10:00:00")
  .refine(exists, DAY_EXPECTED);

/** `2026-03-01 10:00:00` → `2026-03-01T10:00:00+08:00`; a date is its first moment. */
export function instantOf(local: string): string {
  const text = local.length === "yyyy-MM-dd".length ? `${local} 00:00:00` : local;
  return `${text.replace(" ", "T")}${OFFSET}`;
}

/** Where something ends that lasts to the end of a day, or to a moment. */
export function endInstantOf(local: string): string {
  if (local.length > "yyyy-MM-dd".length) return instantOf(local);
  return formatInstant(parseInstantMs(instantOf(local)) + DAY_MS);
}

/** `2026-03-01T10:00:00.123+08:00` → `2026-03-01 10:00:00`: the platform has no smaller unit. */
export function localTimeOf(instant: string): string {
  return canonicalInstant(instant).slice(0, "yyyy-MM-ddTHH:mm:ss".length).replace("T", " ");
}

/** `20260301100000123` */
export function compactTimeOf(ms: number): string {
  return formatInstant(ms).slice(0, -OFFSET.length).replace(/\D/g, "");
}
