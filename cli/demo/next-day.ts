/** The city's last day again, a day later each time: what a demo's console is shown while somebody looks at it. */

import { dayOf, startOfDayMs } from "../../schemas/working-calendar.js";
import { linesOf } from "./city-people.js";

/** At night nobody swipes, and of a day that has just begun the pages have nothing to show. */
const FORENOON_MS = 10 * 3_600_000;
const DAY_MS = 86_400_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const ZONE = "+08:00";
const ZONE_MS = 8 * 3_600_000;

/** The lines that arrive by 10 o'clock of the next day, and those later; in their order. */
export function forenoonOf(lines: readonly string[]): {
  readonly before: readonly string[];
  readonly after: readonly string[];
} {
  const latestMs = lines.reduce((latest, json) => Math.max(latest, occurredMs(json)), 0);
  const ofLatestDay = startOfDayMs(dayOf(latestMs)) + FORENOON_MS;
  const openingMs = ofLatestDay > latestMs ? ofLatestDay : ofLatestDay + DAY_MS;
  const isBefore = (json: string) => arrivedMs(json) + DAY_MS <= openingMs;
  return { before: lines.filter(isBefore), after: lines.filter((json) => !isBefore(json)) };
}

function occurredMs(json: string): number {
  return Date.parse((JSON.parse(json) as RawLine).occurredAt);
}

function arrivedMs(json: string): number {
  const { receivedAt, occurredAt } = JSON.parse(json) as RawLine;
  return Date.parse(receivedAt ?? occurredAt);
}

interface RawLine {
  readonly eventId: string;
  readonly receivedAt?: string;
  readonly occurredAt: string;
}

/** Lines of the last 24 hours that the file holds, in its order. */
export async function lastDayOf(rawPath: string): Promise<readonly string[]> {
  let lines: { readonly json: string; readonly atMs: number }[] = [];
  let latestMs = 0;
  for await (const json of linesOf(rawPath)) {
    const atMs = occurredMs(json);
    latestMs = Math.max(latestMs, atMs);
    lines.push({ json, atMs });
    // Forgets now and then what can be no part of it.
    if (lines.length > 100_000) lines = lines.filter((line) => line.atMs > latestMs - DAY_MS);
  }
  return lines.flatMap(({ json, atMs }) => (atMs > latestMs - DAY_MS ? [json] : []));
}

/** The same line so many days later: other events, which name each other as before. */
export function daysLater(json: string, days: number, eventIds: ReadonlySet<string>): string {
  const later = (_: string, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    if (eventIds.has(value)) return `${value}+${days}`;
    return INSTANT.test(value) ? instantLater(value, days) : value;
  };
  return JSON.stringify(JSON.parse(json, later));
}

export function eventIdsOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.map((json) => (JSON.parse(json) as RawLine).eventId));
}

function instantLater(instant: string, days: number): string {
  const atMs = Date.parse(instant) + days * DAY_MS;
  return `${new Date(atMs + ZONE_MS).toISOString().slice(0, -1)}${ZONE}`;
}
