// Instants in milliseconds, days in Asia/Shanghai (always UTC+8 in the years judged), working days.
import type { OracleWorld, Unit } from "./types.js";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const OFFSET = 8 * HOUR;

export function parseInstant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`oracle: "${text}" is no instant; expected ISO 8601 with offset`);
  return at;
}

export function formatInstant(at: number): string {
  return `${new Date(at + OFFSET).toISOString().slice(0, -1)}+08:00`;
}

/** Number of the Shanghai calendar day, from 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor((at + OFFSET) / DAY);
}

export function startOfDay(day: number): number {
  return day * DAY - OFFSET;
}

export function hourOfDay(at: number): number {
  return Math.floor((at + OFFSET - dayOf(at) * DAY) / HOUR);
}

function dateText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function isWorkingDay(world: OracleWorld, day: number): boolean {
  const date = dateText(day);
  const weekday = new Date(day * DAY).getUTCDay();
  const isPlainWeekday = weekday >= 1 && weekday <= 5;
  const { coverage, holidays, makeUpDays } = world.calendar;
  if (date < coverage.from || date > coverage.to) return isPlainWeekday;
  if (makeUpDays.has(date)) return true;
  return isPlainWeekday && !holidays.has(date);
}

/** 24:00 of the n-th working day after the day of `from` (day 0). */
function endOfWorkingDay(world: OracleWorld, from: number, count: number): number {
  let day = dayOf(from);
  let left = count;
  while (left > 0) {
    day += 1;
    if (isWorkingDay(world, day)) left -= 1;
  }
  return startOfDay(day + 1);
}

/** End of a length of time counted from an acceptance (rules 1, Validity). */
export function endOfSpan(world: OracleWorld, from: number, count: number, unit: Unit): number {
  if (unit === "h") return from + count * HOUR;
  if (unit === "cd") return startOfDay(dayOf(from) + count);
  return endOfWorkingDay(world, from, count);
}
