/** One kill as figures: when the successor judged first, when it was at full speed, when it had caught up. */

import { SLOT_MS } from "./judged-watch.js";

/** Counts of a second: one slot's are those of a fetch or two. */
const SLOTS_A_SECOND = 1_000 / SLOT_MS;
/** Of what is offered: an open loop is never exactly even. */
const FULL_SHARE = 0.95;

export interface KillObserved {
  /** Partitions of the process that was killed. */
  readonly takenOver: readonly number[];
  readonly killedAtMs: number;
  /** When the first swipe of each of them was judged by the successor; null where none was. */
  readonly firstAtMs: readonly (number | null)[];
  /** When the journal had nothing more that was not judged; null where that never came. */
  readonly caughtUpAtMs: number | null;
  /** Swipes a second put into the journal's partitions taken over, and into the successor's own. */
  readonly offered: { readonly takenOver: number; readonly own: number };
  /** Swipes judged in slots of 250 ms, the first one with the kill in it. */
  readonly slots: { readonly takenOver: readonly number[]; readonly own: readonly number[] };
}

export interface CurvePoint {
  /** Since the kill, of the slot's begin. */
  readonly atMs: number;
  /** Swipes a second. */
  readonly takenOver: number;
  readonly own: number;
}

export interface Recovery {
  readonly partitionsTakenOver: number;
  readonly offeredPerSecond: number;
  /** From the kill. */
  readonly firstSwipeMs: number | null;
  /** The partition that waited longest. */
  readonly lastPartitionMs: number | null;
  /**
   * From the kill to the first second in which the partitions taken over, and the others, had as many swipes judged as
   * came for them.
   */
  readonly fullSpeedMs: number | null;
  readonly caughtUpMs: number | null;
  readonly highestPerSecond: number;
  readonly curve: readonly CurvePoint[];
}

export function recoveryOf(observed: KillObserved): Recovery {
  const { takenOver, killedAtMs, firstAtMs, caughtUpAtMs, offered, slots } = observed;
  const firsts = firstAtMs.map((atMs) => (atMs === null ? null : atMs - killedAtMs));
  const known = firsts.filter((ms): ms is number => ms !== null);
  const slotsBeginMs = Math.floor(killedAtMs / SLOT_MS) * SLOT_MS - killedAtMs;
  const curve = slots.takenOver.map((count, index) => ({
    atMs: slotsBeginMs + index * SLOT_MS,
    takenOver: count * SLOTS_A_SECOND,
    own: slots.own[index]! * SLOTS_A_SECOND,
  }));
  const firstSwipeMs = known.length === 0 ? null : Math.min(...known);
  return {
    partitionsTakenOver: takenOver.length,
    offeredPerSecond: Math.round(offered.takenOver + offered.own),
    firstSwipeMs,
    lastPartitionMs: known.length < firsts.length ? null : Math.max(...known),
    fullSpeedMs: firstSwipeMs === null ? null : fullSpeedMs(curve, offered, firstSwipeMs),
    caughtUpMs: caughtUpAtMs === null ? null : caughtUpAtMs - killedAtMs,
    highestPerSecond: Math.max(0, ...curve.map(({ takenOver: taken, own }) => taken + own)),
    curve,
  };
}

/** Not before the first swipe: until then the killed process's own last ones are in the curve. */
function fullSpeedMs(
  curve: readonly CurvePoint[],
  offered: KillObserved["offered"],
  firstSwipeMs: number,
): number | null {
  for (let begin = 0; begin + SLOTS_A_SECOND <= curve.length; begin++) {
    if (curve[begin]!.atMs + SLOT_MS <= firstSwipeMs) continue;
    const second = curve.slice(begin, begin + SLOTS_A_SECOND);
    const mean = (of: "takenOver" | "own") =>
      second.reduce((sum, each) => sum + each[of], 0) / SLOTS_A_SECOND;
    if (mean("takenOver") >= FULL_SHARE * offered.takenOver && mean("own") >= FULL_SHARE * offered.own)
      return Math.max(firstSwipeMs, curve[begin]!.atMs);
  }
  return null;
}
