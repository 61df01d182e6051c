/** Days of Shanghai as proofs name them: UTC+8 without summer time since 1992. */

import { formatInstant } from "../../../schemas/instant.js";

const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;

/** Such as 2026-11-27. */
export function shanghaiDayOf(epochMs: number): string {
  return formatInstant(epochMs).slice(0, DAY_LENGTH);
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, DAY_LENGTH);
}
