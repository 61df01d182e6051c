/**
 * Instants as they are written with milliseconds and China's offset (2026-03-01T10:00:00.000+08:00), in bytes. FAILED says
 * nothing: other ways of writing one, and other offsets, are left to a parser of texts.
 */

import { Byte, FAILED, type ValueScanner } from "./value-scanner.js";

const CHARACTERS = 29;
const DAY_CHARACTERS = 10;
/** Date.UTC takes the years before 100 for those of another century. */
const DAY_PATTERN = /^[1-9]\d{3}-\d{2}-\d{2}$/;
const OFFSET_MS = 8 * 3_600_000;
const COLON = 0x3a;
const LETTER_T = 0x54;
/** `+08:` as a little-endian word. */
const PLUS_08 = 0x3a38302b;
const TWO_BYTES = 0xffff;
/** More than two digits can say. */
const NO_DIGITS = 100;

export class InstantScanner {
  /** The day read last, as bytes, and when it begins: most swipes are of one day. */
  private year = 0;
  private month = 0;
  private day = 0;
  private dayMs = 0;

  constructor(private readonly values: ValueScanner) {}

  /** Its milliseconds are the number. */
  instantAt(at: number): number {
    const { values } = this;
    const { view } = values;
    const start = at + 1;
    const end = start + CHARACTERS;
    if (end >= values.limit || view.getUint8(at) !== Byte.QUOTE || view.getUint8(end) !== Byte.QUOTE)
      return FAILED;
    if (!hasMarks(view, start) || !this.isDayKnown(view, start)) return FAILED;
    const ms = millisecondsOfDay(view, start);
    if (ms === FAILED) return FAILED;
    values.number = this.dayMs + ms;
    return end + 1;
  }

  private isDayKnown(view: DataView, start: number): boolean {
    const year = view.getInt32(start, true);
    const month = view.getInt32(start + 4, true);
    const day = view.getInt32(start + 8, true) & TWO_BYTES;
    if (year === this.year && month === this.month && day === this.day) return true;
    const dayMs = dayMsOf(this.values.asciiOf(start, start + DAY_CHARACTERS));
    if (Number.isNaN(dayMs)) return false;
    this.year = year;
    this.month = month;
    this.day = day;
    this.dayMs = dayMs;
    return true;
  }
}

/** When a day begins in China; NaN where it does not exist (2026-02-30). */
function dayMsOf(text: string): number {
  if (!DAY_PATTERN.test(text)) return Number.NaN;
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  const utcMs = Date.UTC(year, month - 1, day);
  const found = new Date(utcMs);
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? utcMs - OFFSET_MS : Number.NaN;
}

/** All that is the same in every instant but the hyphens of its day. */
function hasMarks(view: DataView, start: number): boolean {
  return (
    view.getUint8(start + 10) === LETTER_T &&
    view.getUint8(start + 13) === COLON &&
    view.getUint8(start + 16) === COLON &&
    view.getUint8(start + 19) === Byte.POINT &&
    view.getInt32(start + 23, true) === PLUS_08 &&
    twoDigits(view, start + 27) === 0
  );
}

function millisecondsOfDay(view: DataView, start: number): number {
  const hour = twoDigits(view, start + 11);
  const minute = twoDigits(view, start + 14);
  const second = twoDigits(view, start + 17);
  const tens = twoDigits(view, start + 20);
  const one = view.getUint8(start + 22) - Byte.ZERO;
  if (hour >= 24 || minute >= 60 || second >= 60 || tens === NO_DIGITS || one < 0 || one > 9) return FAILED;
  return ((hour * 60 + minute) * 60 + second) * 1000 + tens * 10 + one;
}

function twoDigits(view: DataView, at: number): number {
  const tens = view.getUint8(at) - Byte.ZERO;
  const ones = view.getUint8(at + 1) - Byte.ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? NO_DIGITS : tens * 10 + ones;
}
