/** When people are reminded of what ends at a moment. Pure; days and hours are Shanghai's. */

import { dayOf, startOfDayMs, type WorkingCalendar } from "../../../schemas/working-calendar.js";

const HOUR_MS = 3_600_000;
/** Counters open by then, and nobody is woken. */
const MORNING_HOUR = 9;
/** As long as it takes to call and be put through, or to reach a counter that is open late. */
export const SOON_MS = 4 * HOUR_MS;
/** Phones do not ring for it between these (services/alerts/sms/sms-hours.ts): then it is said the evening before. */
const NIGHT_FROM_HOUR = 22;
const NIGHT_TO_HOUR = 6;
/** The longest row of days off in China is nine; three weeks without a working day are a calendar that is wrong. */
const DAYS_BACK_MAX = 21;

export function morningOf(day: number): number {
  return startOfDayMs(day) + MORNING_HOUR * HOUR_MS;
}

/**
 * 09:00 of the n-th working day before the last day on which it still holds: what ends at 24:00 of a day holds on that day.
 * Beyond the calendar's coverage weekdays count.
 */
export function workingDaysBefore(endMs: number, days: number, calendar: WorkingCalendar): number {
  let day = dayOf(endMs - 1);
  for (let found = 0, back = 0; found < days && back < DAYS_BACK_MAX * days; back++) {
    day--;
    if (isWorkingDay(day, calendar)) found++;
  }
  return morningOf(day);
}

/** Four hours before, or the evening before the night in which that lies. */
export function soonBefore(endMs: number): number {
  const atMs = endMs - SOON_MS;
  const day = dayOf(atMs);
  const hour = (atMs - startOfDayMs(day)) / HOUR_MS;
  if (hour < NIGHT_TO_HOUR) return startOfDayMs(day - 1) + NIGHT_FROM_HOUR * HOUR_MS;
  return hour > NIGHT_FROM_HOUR ? startOfDayMs(day) + NIGHT_FROM_HOUR * HOUR_MS : atMs;
}

/** The first working day after the day before it is the day itself. */
function isWorkingDay(day: number, calendar: WorkingCalendar): boolean {
  return calendar.endOfWorkingDays(startOfDayMs(day) - 1, 1).endMs === startOfDayMs(day + 1);
}
