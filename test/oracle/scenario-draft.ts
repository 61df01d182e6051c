// The journal being written: its clock, its persons, and the moments whose windows the next times are drawn from.
import type { Random } from "./scenario-random.js";
import { DAY, dayOf, formatInstant, HOUR, MINUTE, parseInstant, SECOND, startOfDay } from "./time.js";
import type { RawRecord, RawSwipe } from "./types.js";

export interface DraftPerson {
  personId: string;
  insuredRegion: string;
  /** All numbers of `card` the person ever had; the last is the valid one. */
  cards: string[];
  temporaryCard: string;
  /** Loss records of this person carry a card number. */
  reportsByNumber: boolean;
  swipes: RawSwipe[];
  /** Regions this person uses, the insured one among them. */
  regions: string[];
}

export interface Draft {
  random: Random;
  /** Includes the places where the text leaves more than one reading. */
  murky: boolean;
  now: number;
  records: RawRecord[];
  persons: DraftPerson[];
  anchors: number[];
  nextId: number;
}

const ANCHORS_MAX = 12;
const SHORT_WINDOWS = [
  0,
  5 * SECOND,
  60 * SECOND,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  24 * HOUR,
];
const LONG_WINDOWS = [
  72 * HOUR,
  7 * DAY,
  10 * DAY,
  15 * DAY,
  30 * DAY,
  35 * DAY,
  60 * DAY,
  90 * DAY,
  180 * DAY,
  365 * DAY,
];
const JITTER = [-1, 0, 0, 1];

/** A boundary after one of the last moments, one millisecond either side of it or on it. */
function boundary(draft: Draft): number {
  const { random, anchors, now } = draft;
  const anchor = anchors.length === 0 ? now : random.pick(anchors);
  const length = random.chance(0.85) ? random.pick(SHORT_WINDOWS) : random.pick(LONG_WINDOWS.slice(0, 6));
  return anchor + length + random.pick(JITTER);
}

function dayBoundary(draft: Draft): number {
  const { random, now } = draft;
  const hour = random.pick([0, 0, 6, 9, 23]) * HOUR;
  return startOfDay(dayOf(now) + random.integer(1, 3)) + hour + random.pick(JITTER);
}

function nextTime(draft: Draft): number {
  const { random, now } = draft;
  const kind = random.weighted({ step: 40, boundary: 45, day: 10, lapse: 4, far: 1 });
  if (kind === "step") {
    return now + random.pick([1, SECOND, 30 * SECOND, MINUTE, 4 * MINUTE, 9 * MINUTE, 20 * MINUTE, 2 * HOUR]);
  }
  if (kind === "boundary") return boundary(draft);
  if (kind === "day") return dayBoundary(draft);
  if (kind === "lapse") return startOfDay(dayOf(now) + random.pick([3, 5, 10, 15])) + random.pick(JITTER);
  return now + random.pick(LONG_WINDOWS);
}

/** Moves the clock on; it never goes back. */
export function tick(draft: Draft): void {
  draft.now = Math.max(draft.now, nextTime(draft));
}

/** A moment at or before now: one of the last ones, or a boundary after it. */
export function pastTime(draft: Draft): number {
  const { random, anchors, now } = draft;
  const anchor = anchors.length === 0 ? now - HOUR : random.pick(anchors);
  const choices = [anchor, anchor + random.pick(JITTER), boundary(draft), now - HOUR, now - 3 * HOUR];
  return Math.min(now, random.pick(choices));
}

export function remember(draft: Draft, at: number): void {
  draft.anchors.push(at);
  if (draft.anchors.length > ANCHORS_MAX) draft.anchors.shift();
}

export function newEventId(draft: Draft, prefix: string): string {
  draft.nextId += 1;
  return `${prefix}-${draft.nextId}`;
}

export function emit(draft: Draft, record: RawRecord): void {
  draft.records.push(record);
  remember(draft, parseInstant(record.occurredAt));
}

export function iso(at: number): string {
  return formatInstant(at);
}
