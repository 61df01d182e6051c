/**
 * What is asked, as it stands in the address: days of Beijing (`2026-03-01`, the last one belongs to the range) or whole
 * instants, as links from other pages give them.
 */

import type { Query } from "../../parts/url-state.js";

const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;
export const PERIOD_DAYS = [1, 7, 30, 90, 365] as const;
const DEFAULT_DAYS = 30;

export interface AskedRange {
  /** Instants; `to` does not belong to it. */
  readonly from: string;
  readonly to: string;
}

export function dayText(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 10);
}

/** The days so many days back, today among them. */
export function periodOf(days: number, nowMs: number): { readonly from: string; readonly to: string } {
  return { from: dayText(nowMs - (days - 1) * DAY_MS), to: dayText(nowMs) };
}

export function rangeOf({ from = "", to = "" }: Query, nowMs: number): AskedRange {
  const period = periodOf(DEFAULT_DAYS, nowMs);
  return { from: startOf(from || period.from), to: endOf(to || period.to) };
}

/** Days as the fields show them: of a whole instant its day. */
export function shownDays(query: Query, nowMs: number): { readonly from: string; readonly to: string } {
  const { from, to } = rangeOf(query, nowMs);
  return { from: dayText(Date.parse(from)), to: dayText(Date.parse(to) - 1) };
}

function startOf(text: string): string {
  return isDay(text) ? `${text}T00:00:00.000+08:00` : text;
}

function endOf(text: string): string {
  if (!isDay(text)) return text;
  return startOf(dayText(Date.parse(startOf(text)) + DAY_MS));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** In how long steps a range is shown where the reader has not said it. */
export function bucketFor({ from, to }: AskedRange): "hour" | "day" | "month" {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  if (days <= 3) return "hour";
  return days <= 120 ? "day" : "month";
}

/** Where a bucket begins, in Beijing time: as much of it as the bucket needs. */
export function bucketLabel(from: string, bucket: "hour" | "day" | "month"): string {
  switch (bucket) {
    case "hour":
      return `${from.slice(5, 10)} ${from.slice(11, 13)}:00`;
    case "day":
      return from.slice(0, 10);
    case "month":
      return from.slice(0, 7);
    default:
      return bucket satisfies never;
  }
}
