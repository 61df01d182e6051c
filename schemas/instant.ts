/** Instants: ISO 8601 with offset on the wire (written `+08:00`, milliseconds), epoch milliseconds inside. */

const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAY_MS = 86_400_000;

/**
 * Epoch milliseconds of an instant that matches INSTANT_PATTERN; digits beyond the millisecond are cut.
 * NaN where the day does not exist in its month (2026-02-30).
 */
export function parseInstantMs(text: string): number {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (day > daysInMonth(year, month)) return Number.NaN;
  const minuteMs = digits(text, 11, 2) * 3_600_000 + digits(text, 14, 2) * 60_000;
  const hasSeconds = text.charCodeAt(16) === 58;
  const secondMs = hasSeconds ? digits(text, 17, 2) * 1000 : 0;
  let position = hasSeconds ? 19 : 16;
  let fractionMs = 0;
  if (text.charCodeAt(position) === 46) {
    let scale = 100;
    for (position++; isDigit(text.charCodeAt(position)); position++) {
      fractionMs += (text.charCodeAt(position) - 48) * scale;
      scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
    }
  }
  return (
    daysFromEpoch(year, month, day) * DAY_MS + minuteMs + secondMs + fractionMs - offsetMs(text, position)
  );
}

/** `2026-03-01T10:00:00.000+08:00` */
export function formatInstant(ms: number): string {
  return `${new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}

/** What "no end" is written as: the last moment that four digits of a year can say. */
const LAST_MS = Date.UTC(9999, 11, 31, 15, 59, 59, 999);

/** The same instant in the written form; returns the text itself where it already has it. Later than the year 9999 is its end. */
export function canonicalInstant(text: string): string {
  return text.length === 29 && text.endsWith("+08:00")
    ? text
    : formatInstant(Math.min(LAST_MS, parseInstantMs(text)));
}

function offsetMs(text: string, position: number): number {
  const sign = text.charCodeAt(position);
  if (sign === 90) return 0;
  const ms = digits(text, position + 1, 2) * 3_600_000 + digits(text, position + 4, 2) * 60_000;
  return sign === 45 ? -ms : ms;
}

function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Proleptic Gregorian day number, 1970-01-01 = 0. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapThisYear = month > 2 && isLeap(year) ? 1 : 0;
  return before * 365 + leapDays - 719_162 + DAYS_BEFORE_MONTH[month - 1]! + leapThisYear + day - 1;
}
