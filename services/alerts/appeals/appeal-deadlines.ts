/**
 * By when what has to be done about an appeal. Pure.
 *
 * 1. A term begins on the day after its event and ends at 24:00 of its last day (domain notes 1.8).
 * 2. While something is asked of the holder the office's terms stand still: whole days that had passed by then are used up,
 *    the rest is counted from the answer on, at least one day.
 * 3. A deadline whose thing was done in time, or is not asked for any more, is none.
 */

import type { AppealState } from "../../../schemas/appeal.js";
import type {
  AppealDeadlinesFile,
  DeadlineKind,
  DeadlineRow,
  DeadlineStart,
  Term,
} from "../../../schemas/appeal-deadlines.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import { assertNever } from "../assert-never.js";
import type { AppealEventType, PlacedEvent } from "./appeal.js";
import { appealOf } from "./appeal.js";

export interface Deadline {
  readonly kind: DeadlineKind;
  readonly whose: "office" | "holder";
  /** zh-CN. */
  readonly name: string;
  readonly dueMs: number;
  readonly isUncertain: boolean;
}

export interface TermEnd {
  readonly endMs: number;
  readonly uncertain: boolean;
}

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** Which deadlines run in a state. `lawsuit` runs after a decision whatever becomes of a reconsideration. */
const RUNNING: Readonly<Record<AppealState, readonly DeadlineKind[]>> = {
  draft: ["appeal"],
  submitted: ["acknowledge"],
  "returned-for-more": ["supplement"],
  "first-review": ["first-review", "decision"],
  "second-review": ["second-review", "decision"],
  investigation: ["investigation", "decision"],
  decided: ["reconsideration", "lawsuit"],
  reconsideration: ["reconsider"],
  withdrawn: [],
  closed: ["lawsuit"],
};

/** A term is counted from the last event of its kind. */
const STARTED_BY: Readonly<Record<Exclude<DeadlineStart, "swipe">, readonly AppealEventType[]>> = {
  submitted: ["submitted"],
  accepted: ["accepted"],
  returned: ["returned"],
  "first-reviewed": ["first-reviewed"],
  "second-reviewed": ["second-reviewed"],
  decided: ["decided", "reconsidered"],
  "reconsideration-asked": ["reconsideration-asked"],
};

export interface DeadlineTerms {
  readonly policy: AppealDeadlinesFile;
  readonly calendar: WorkingCalendar;
}

export interface DeadlineOptions extends DeadlineTerms {
  /** Of the claimed ones; null where none is claimed. Only the holder's term to appeal counts from it. */
  readonly earliestSwipeAt: string | null;
}

/** Those that run now; the earliest first. */
export function runningDeadlines(
  events: readonly PlacedEvent[],
  options: DeadlineOptions,
): readonly Deadline[] {
  const running = RUNNING[appealOf(events).state];
  return options.policy.deadlines
    .filter(({ kind }) => running.includes(kind))
    .flatMap((row) => deadlineOf(row, events, options) ?? [])
    .sort((a, b) => a.dueMs - b.dueMs);
}

export function isMissed({ dueMs }: Pick<Deadline, "dueMs">, nowMs: number): boolean {
  return nowMs >= dueMs;
}

function deadlineOf(
  row: DeadlineRow,
  events: readonly PlacedEvent[],
  { calendar, earliestSwipeAt }: DeadlineOptions,
): Deadline | null {
  const { kind, whose, name, term } = row;
  const startMs = row.from === "swipe" ? msOf(earliestSwipeAt) : startOf(row.from, events);
  if (startMs === null) return null;
  const pauses = whose === "office" ? pausesOf(events, startMs) : [];
  const { endMs, uncertain } = pausedEnd(startMs, term, pauses, calendar);
  return { kind, whose, name, dueMs: endMs, isUncertain: uncertain };
}

function msOf(at: string | null): number | null {
  return at === null ? null : parseInstantMs(at);
}

function startOf(from: Exclude<DeadlineStart, "swipe">, events: readonly PlacedEvent[]): number | null {
  return msOf(events.findLast(({ event }) => STARTED_BY[from].includes(event.type))?.at ?? null);
}

interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Those that have ended: while one lasts, no deadline of the office runs. */
function pausesOf(events: readonly PlacedEvent[], afterMs: number): readonly Pause[] {
  const pauses: Pause[] = [];
  let fromMs: number | null = null;
  for (const { event, at } of events) {
    if (event.type === "returned") fromMs = parseInstantMs(at);
    else if (fromMs !== null && (event.type === "supplemented" || event.type === "resumed")) {
      if (fromMs >= afterMs) pauses.push({ fromMs, toMs: parseInstantMs(at) });
      fromMs = null;
    }
  }
  return pauses;
}

function pausedEnd(
  startMs: number,
  term: Term,
  pauses: readonly Pause[],
  calendar: WorkingCalendar,
): TermEnd {
  let [fromMs, left, isUncertain] = [startMs, term[0], false];
  for (const pause of pauses) {
    const used = daysUsed(fromMs, [left, term[1]], pause.fromMs, calendar);
    isUncertain ||= used.uncertain;
    left = Math.max(1, left - used.days);
    fromMs = pause.toMs;
  }
  const { endMs, uncertain } = endOfTerm(fromMs, [left, term[1]], calendar);
  return { endMs, uncertain: uncertain || isUncertain };
}

/** Whole days of the term that were over by then. */
function daysUsed(
  startMs: number,
  [length, unit]: Term,
  untilMs: number,
  calendar: WorkingCalendar,
): { readonly days: number; readonly uncertain: boolean } {
  let [days, uncertain] = [0, false];
  while (days < length) {
    const end = endOfTerm(startMs, [days + 1, unit], calendar);
    if (end.endMs > untilMs) break;
    days += 1;
    uncertain = end.uncertain;
  }
  return { days, uncertain };
}

/** 24:00 of the last day; the day of the event is day 0. */
export function endOfTerm(startMs: number, [length, unit]: Term, calendar: WorkingCalendar): TermEnd {
  switch (unit) {
    case "wd":
      return calendar.endOfWorkingDays(startMs, length);
    case "cd":
      return { endMs: calendar.endOfCalendarDays(startMs, length, false), uncertain: false };
    case "month":
      return { endMs: endOfMonths(startMs, length), uncertain: false };
    default:
      return assertNever(unit);
  }
}

/** 24:00 of the same day of a later month, or of that month's last day where it has no such day. */
function endOfMonths(startMs: number, months: number): number {
  const day = new Date(startMs + SHANGHAI_OFFSET_MS);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + months];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day.getUTCDate(), lastOfMonth)) + DAY_MS - SHANGHAI_OFFSET_MS;
}

/** `2026年10月15日`: the last day on which it is still in time. */
export function lastDayWords(dueMs: number): string {
  const [year, month, day] = formatInstant(dueMs - 1)
    .slice(0, 10)
    .split("-");
  return `${year}年${Number(month)}月${Number(day)}日`;
}
