/** Operators' days and stamps are of Beijing's clock, which has known no summer time since 1991. */

const OFFSET_MS = 8 * 3_600_000;
const STAMP_PATTERN = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** yyyyMMdd. */
export function chinaDay(atMs: number): string {
  return new Date(atMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll("-", "");
}

/** @param stamp `2026-03-01 08:00:00`. @returns null where it is none. */
export function chinaStampMs(stamp: string | undefined): number | null {
  if (stamp === undefined || !STAMP_PATTERN.test(stamp)) return null;
  const atMs = Date.parse(`${stamp.replace(" ", "T")}+08:00`);
  return Number.isNaN(atMs) ? null : atMs;
}
