// The loss life of one track: a credential and a card number (null = swipes that carry no number).
// Every question folds the whole list of applied records again, in order of acceptedAt; nothing is cached.
import type { Status } from "./policy.js";
import { DAY } from "./time.js";

const CLOSED_INTERVALS_MAX = 4;
export const LAPSE_REACH = 365 * DAY;

export interface LossInterval {
  reportedAt: number;
  effectiveAt: number;
  expiresAtMax: number | null;
  /** From here on the report is formal. */
  formalFrom: number | null;
  /** reportedAt of a confirmation that came after the lapse: its own pending time. */
  lateFormalReportedAt: number | null;
  replacementFiled: boolean;
  replacingFrom: number | null;
  end: number | null;
  /** eventId of the passed challenge that ended the lapse: the pass covers its own swipe. */
  endedByPass: string | null;
  endedByRelease: boolean;
  pendingAction: Status["pendingAction"];
  blocksECredential: boolean;
}

export type LossPhase = "none" | "loss-pending" | "provisional" | "lapsed" | "formal" | "replacing";
export type Refusal =
  | "NO_SUCH_TRANSITION"
  | "NOTHING_TO_RELEASE"
  | "RELEASE_OF_FORMAL"
  | "RELEASE_AFTER_REPLACEMENT";

export interface LossFold {
  intervals: LossInterval[];
  /** Why the last step of a record had no effect; absent = it had. */
  refusals: Map<number, Refusal>;
}

export function inAcceptedOrder(a: Status, b: Status): number {
  return a.acceptedAt - b.acceptedAt || a.seq - b.seq;
}

function isBlockedAt(interval: LossInterval, t: number): boolean {
  const provisional =
    interval.effectiveAt <= t && (interval.expiresAtMax === null || t < interval.expiresAtMax);
  return provisional || (interval.formalFrom !== null && interval.formalFrom <= t);
}

export function phaseOf(interval: LossInterval, t: number): LossPhase {
  if (interval.end !== null && t >= interval.end) return "none";
  if (interval.replacingFrom !== null && t >= interval.replacingFrom) return "replacing";
  if (interval.formalFrom !== null && t >= interval.formalFrom) return "formal";
  if (interval.expiresAtMax !== null && t >= interval.expiresAtMax) {
    return t <= interval.expiresAtMax + LAPSE_REACH ? "lapsed" : "none";
  }
  if (t >= interval.effectiveAt) return "provisional";
  return t >= interval.reportedAt ? "loss-pending" : "none";
}

function openInterval(record: Status): LossInterval {
  return {
    reportedAt: record.reportedAt,
    effectiveAt: record.effectiveAt,
    expiresAtMax: record.expiresAtMax,
    formalFrom: record.isFormalKind ? record.effectiveAt : null,
    lateFormalReportedAt: null,
    replacementFiled: record.action === "file-replacement",
    replacingFrom: record.action === "file-replacement" ? record.effectiveAt : null,
    end: null,
    endedByPass: null,
    endedByRelease: false,
    pendingAction: record.pendingAction,
    blocksECredential: record.blocksECredential,
  };
}

function mergeReport(interval: LossInterval, record: Status): void {
  interval.reportedAt = Math.min(interval.reportedAt, record.reportedAt);
  interval.effectiveAt = Math.min(interval.effectiveAt, record.effectiveAt);
  if (record.isFormalKind) {
    interval.formalFrom = Math.min(interval.formalFrom ?? record.effectiveAt, record.effectiveAt);
    interval.expiresAtMax = null;
  } else if (interval.formalFrom === null) {
    interval.expiresAtMax = record.expiresAtMax;
  }
}

function mergeFormal(interval: LossInterval, record: Status, phase: LossPhase): void {
  if (phase === "lapsed") interval.lateFormalReportedAt = record.reportedAt;
  else interval.reportedAt = Math.min(interval.reportedAt, record.reportedAt);
  interval.formalFrom = Math.min(interval.formalFrom ?? record.effectiveAt, record.effectiveAt);
  if (record.action === "file-replacement") {
    interval.replacementFiled = true;
    interval.replacingFrom = Math.min(interval.replacingFrom ?? record.effectiveAt, record.effectiveAt);
  }
}

function releaseRefusal(interval: LossInterval | null, phase: LossPhase): Refusal | null {
  if (interval === null || phase === "none") return "NOTHING_TO_RELEASE";
  if (interval.replacementFiled) return "RELEASE_AFTER_REPLACEMENT";
  return phase === "formal" ? "RELEASE_OF_FORMAL" : null;
}

/** The open interval at a record's acceptance, or null: ended ones and those past 365 days of lapse are closed. */
function openAt(intervals: LossInterval[], record: Status): LossInterval | null {
  const last = intervals.at(-1);
  if (last === undefined) return null;
  const isReleaseWaiting = last.endedByRelease && last.end !== null && record.acceptedAt < last.end;
  if (last.end !== null && !(record.action === "release" && isReleaseWaiting)) return null;
  const overAt = last.expiresAtMax === null ? null : last.expiresAtMax + LAPSE_REACH;
  const isOver = overAt !== null && last.formalFrom === null && record.acceptedAt > overAt;
  return isOver ? null : last;
}

function applyReport(intervals: LossInterval[], open: LossInterval | null, record: Status): Refusal | null {
  const phase = open === null ? "none" : phaseOf(open, record.acceptedAt);
  if (open === null) intervals.push(openInterval(record));
  else if (phase === "formal" || phase === "replacing") return "NO_SUCH_TRANSITION";
  else if (phase === "lapsed") {
    open.end = record.effectiveAt;
    intervals.push(openInterval(record));
  } else {
    mergeReport(open, record);
    endWaitingLapse(intervals, open, open.effectiveAt);
  }
  return null;
}

/** Nothing in the text refuses a repeated confirmation or filing: it can only bring the start forward. */
function applyFormal(intervals: LossInterval[], open: LossInterval | null, record: Status): void {
  if (open === null) intervals.push(openInterval(record));
  else {
    mergeFormal(open, record, phaseOf(open, record.acceptedAt));
    endWaitingLapse(intervals, open, Math.min(open.effectiveAt, record.effectiveAt));
  }
}

/** An earlier lapse waits for the effect of the report after it: what changes that report ends the wait. */
function endWaitingLapse(intervals: LossInterval[], open: LossInterval, at: number): void {
  const before = intervals[intervals.indexOf(open) - 1];
  if (before === undefined || before.end === null || before.expiresAtMax === null) return;
  if (before.end > before.expiresAtMax) before.end = Math.min(before.end, at);
}

/** Ends the open report, and an earlier one's lapse that would have run until that report's effect. */
function endAll(intervals: LossInterval[], open: LossInterval, record: Status): void {
  open.end = record.effectiveAt;
  endWaitingLapse(intervals, open, record.effectiveAt);
}

function step(intervals: LossInterval[], record: Status): Refusal | null {
  const open = openAt(intervals, record);
  switch (record.action) {
    case "report-loss":
      return applyReport(intervals, open, record);
    case "confirm-loss":
    case "file-replacement":
      applyFormal(intervals, open, record);
      return null;
    case "release": {
      const refusal = releaseRefusal(open, open === null ? "none" : phaseOf(open, record.acceptedAt));
      if (refusal !== null || open === null) return refusal;
      // Of two releases the earlier effect counts.
      if (open.end === null) endAll(intervals, open, record);
      else open.end = Math.min(open.end, record.effectiveAt);
      open.endedByRelease = true;
      return null;
    }
    case "replace":
      if (open !== null) endAll(intervals, open, record);
      return null;
    case "pass":
      if (open !== null && phaseOf(open, record.acceptedAt) === "lapsed") {
        open.end = record.acceptedAt;
        open.endedByPass = record.eventId;
      }
      return null;
    default:
      return null;
  }
}

/** Folds the records of one track. `isReplaced` tells whether the track's number is void at an instant. */
export function foldLoss(records: readonly Status[], isReplaced: (record: Status) => boolean): LossFold {
  const intervals: LossInterval[] = [];
  const refusals = new Map<number, Refusal>();
  for (const record of [...records].sort(inAcceptedOrder)) {
    const isVoid = record.action !== "replace" && record.action !== "pass" && isReplaced(record);
    const voidRefusal = record.action === "release" ? "RELEASE_AFTER_REPLACEMENT" : "NO_SUCH_TRANSITION";
    const refusal = isVoid ? voidRefusal : step(intervals, record);
    if (refusal !== null) refusals.set(record.seq, refusal);
  }
  const closed = intervals.filter((interval) => interval.end !== null).slice(-CLOSED_INTERVALS_MAX);
  const open = intervals.filter((interval) => interval.end === null);
  return { intervals: [...closed, ...open], refusals };
}

function isBeforeEnd(interval: LossInterval, t: number, eventId: string): boolean {
  return interval.end === null || t < interval.end || interval.endedByPass === eventId;
}

/** R01's interval: blocked at t. */
export function isLostAt(interval: LossInterval, t: number, eventId: string): boolean {
  return isBeforeEnd(interval, t, eventId) && isBlockedAt(interval, t);
}

/** R02's interval: reported, not yet in effect. */
export function isPendingAt(interval: LossInterval, t: number, eventId: string): boolean {
  if (!isBeforeEnd(interval, t, eventId) || isBlockedAt(interval, t)) return false;
  const effectiveAt = Math.min(interval.effectiveAt, interval.formalFrom ?? interval.effectiveAt);
  const first = interval.reportedAt <= t && t < effectiveAt;
  const late =
    interval.lateFormalReportedAt !== null &&
    interval.lateFormalReportedAt <= t &&
    interval.formalFrom !== null &&
    t < interval.formalFrom;
  return first || late;
}

/** R03's interval: lapsed and not ended, for 365 days. */
export function isLapsedAt(interval: LossInterval, t: number, eventId: string): boolean {
  const expiry = interval.expiresAtMax;
  if (expiry === null || !isBeforeEnd(interval, t, eventId) || isBlockedAt(interval, t)) return false;
  return expiry <= t && t <= expiry + LAPSE_REACH;
}

/** Where the block that holds at t started. */
export function blockStart(interval: LossInterval, t: number): number {
  const { effectiveAt, expiresAtMax, formalFrom } = interval;
  if (formalFrom === null) return effectiveAt;
  const isAfterLapse = expiresAtMax !== null && formalFrom > expiresAtMax && t >= formalFrom;
  return isAfterLapse ? formalFrom : Math.min(effectiveAt, formalFrom);
}
