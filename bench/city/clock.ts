/** Instants of the city: epoch milliseconds inside, Asia/Shanghai (no daylight saving) on the wire. */
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const OFFSET_MS = 8 * HOUR_MS;

/** A window of time: [startMs, endMs), whole days. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly days: number;
}

/** Days since 1970-01-01, Asia/Shanghai. */
export function dayIndexOf(atMs: number): number {
  return Math.floor((atMs + OFFSET_MS) / DAY_MS);
}

export function dayStartMs(dayIndex: number): number {
  return dayIndex * DAY_MS - OFFSET_MS;
}

/** Monday to Friday; public holidays are not in the city's calendar. */
export function isWorkingDay(dayIndex: number): boolean {
  // 1970-01-01 was a Thursday: index 0 is weekday 4 when Sunday is 0.
  const weekday = (dayIndex + 4) % 7;
  return weekday !== 0 && weekday !== 6;
}

/** Accounts are credited on it. */
export function isFirstOfMonth(dayIndex: number): boolean {
  return dateOf(dayIndex).endsWith("-01");
}

/** Is it one of the last `days` days of its month? */
export function isLateInMonth(dayIndex: number, days: number): boolean {
  for (let ahead = 1; ahead <= days; ahead += 1) if (isFirstOfMonth(dayIndex + ahead)) return true;
  return false;
}

/** Public holidays of spring and summer 2026 (State Council's notice) on which people travel: first day, days. */
const HOLIDAYS: readonly (readonly [firstDay: number, days: number])[] = [
  [20_547, 3], // 2026-04-04, Qingming
  [20_574, 5], // 2026-05-01, Labour Day
  [20_623, 3], // 2026-06-19, Dragon Boat Festival
];

/** How many days of holiday begin on this day; 0 on nearly all. */
export function holidayDaysFrom(dayIndex: number): number {
  return HOLIDAYS.find(([firstDay]) => firstDay === dayIndex)?.[1] ?? 0;
}

/** `2026-03-02T10:00:00.000+08:00`. */
export function isoOf(atMs: number): string {
  const { date, hour, minute, second, millisecond } = partsOf(atMs);
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}.${String(millisecond).padStart(3, "0")}+08:00`;
}

/** `20260302100000`, as the platform's message numbers carry it. */
export function stampOf(atMs: number): string {
  const { date, hour, minute, second } = partsOf(atMs);
  return `${date.replaceAll("-", "")}${two(hour)}${two(minute)}${two(second)}`;
}

function partsOf(atMs: number) {
  const localMs = Math.floor(atMs) + OFFSET_MS;
  const day = Math.floor(localMs / DAY_MS);
  const inDayMs = localMs - day * DAY_MS;
  return {
    date: dateOf(day),
    hour: Math.floor(inDayMs / HOUR_MS),
    minute: Math.floor(inDayMs / MINUTE_MS) % 60,
    second: Math.floor(inDayMs / SECOND_MS) % 60,
    millisecond: inDayMs % 1000,
  };
}

/** Formatting a Date costs more than the rest of a line: one date string per day is enough. */
const dates = new Map<number, string>();

function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

function two(value: number): string {
  return TWO_DIGITS[value] ?? String(value);
}
