/**
 * Calendar arithmetic of loss policies (rules.md section 1, "Validity") and of deadlines. A day is an Asia/Shanghai
 * calendar day, numbered from 1970-01-01. Shanghai has been UTC+8 without summer time since 1992 and instants start in
 * 2000, so a fixed offset is exact and needs no time-zone library.
 */
import type { CalendarFile } from "./bundle/calendar.js";

const MS_PER_DAY = 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
/** Day 0 was a Thursday: adding 3 makes Monday 0. */
const WEEKDAY_OF_DAY_0 = 3;
const SATURDAY = 5;

export interface WorkingDaysEnd {
  endMs: number;
  /** Some day that was counted or skipped lies outside the calendar's coverage. */
  uncertain: boolean;
}

export interface WorkingCalendar {
  dayOf(ms: number): number;
  startOfDayMs(day: number): number;
  /** 24:00 of the n-th calendar day; the day of acceptance is day 1, or day 0 without `countFirstDay`. */
  endOfCalendarDays(acceptedAtMs: number, days: number, countFirstDay?: boolean): number;
  /** 24:00 of the n-th working day; the day of acceptance is day 0. `days` is at least 1. */
  endOfWorkingDays(acceptedAtMs: number, days: number): WorkingDaysEnd;
}

export function dayOf(ms: number): number {
  return Math.floor((ms + SHANGHAI_OFFSET_MS) / MS_PER_DAY);
}

export function startOfDayMs(day: number): number {
  return day * MS_PER_DAY - SHANGHAI_OFFSET_MS;
}

export function endOfCalendarDays(acceptedAtMs: number, days: number, countFirstDay = true): number {
  return startOfDayMs(dayOf(acceptedAtMs) + days + (countFirstDay ? 0 : 1));
}

export function compileCalendar(file: CalendarFile): WorkingCalendar {
  const holidays = new Set(file.holidays.map(dayNumber));
  const makeUpDays = new Set(file.makeUpDays.map(dayNumber));
  const from = dayNumber(file.coverage.from);
  const to = dayNumber(file.coverage.to);
  const isWorkingDay = (day: number) => !holidays.has(day) && (makeUpDays.has(day) || isWeekday(day));
  return {
    dayOf,
    startOfDayMs,
    endOfCalendarDays,
    endOfWorkingDays(acceptedAtMs, days) {
      const first = dayOf(acceptedAtMs) + 1;
      const last = nthWorkingDay(first, days, isWorkingDay);
      return { endMs: startOfDayMs(last + 1), uncertain: first < from || last > to };
    },
  };
}

function nthWorkingDay(first: number, n: number, isWorkingDay: (day: number) => boolean): number {
  let day = first - 1;
  for (let counted = 0; counted < n; ) {
    day += 1;
    if (isWorkingDay(day)) counted += 1;
  }
  return day;
}

function isWeekday(day: number): boolean {
  return (day + WEEKDAY_OF_DAY_0) % 7 < SATURDAY;
}

/** `date` was validated by the schema; a date names a day, so UTC midnight gives its number. */
function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;
}
