/** What a curve of swipes judged says of a takeover, and what the bounds say of several. */

import { describe, expect, test } from "@jest/globals";
import { boundsOf } from "../../../bench/recover/bounds.js";
import { type KillObserved, type Recovery, recoveryOf } from "../../../bench/recover/recovery.js";

/** Killed at 10.1 s; slots of 250 ms from 10.0 s on. */
const KILLED_AT_MS = 10_100;
const SILENT = Array.from({ length: 12 }, () => 0);

function observed(more: Partial<KillObserved> = {}): KillObserved {
  return {
    takenOver: [0, 2],
    killedAtMs: KILLED_AT_MS,
    firstAtMs: [13_050, 13_400],
    caughtUpAtMs: 14_600,
    offered: { takenOver: 400, own: 400 },
    slots: {
      takenOver: [40, ...SILENT.slice(1), 30, 150, 300, 300, 100, 100],
      own: Array.from({ length: 18 }, () => 100),
    },
    ...more,
  };
}

describe("a takeover's figures", () => {
  test("are counted from the kill; the killed process's last swipes are not its successor's", () => {
    expect(recoveryOf(observed())).toMatchObject({
      partitionsTakenOver: 2,
      offeredPerSecond: 800,
      firstSwipeMs: 2_950,
      lastPartitionMs: 3_300,
      fullSpeedMs: 2_950,
      caughtUpMs: 4_500,
      highestPerSecond: 1_600,
    });
  });

  test("full speed is the first second in which as many are judged as come, on both sides", () => {
    const slow = [...SILENT, 10, 10, 10, 10, 40, 60, 80, 100, 100, 110, 110];
    const own = slow.map(() => 100);
    // From 15.0 s on: 60, 80, 100, 100 are not enough, 80, 100, 100, 110 are.
    const slots = { takenOver: slow, own };
    expect(recoveryOf(observed({ slots })).fullSpeedMs).toBe(4_400);
    const starved = { takenOver: slow, own: own.map((count, index) => (index < 20 ? 20 : count)) };
    expect(recoveryOf(observed({ slots: starved })).fullSpeedMs).toBeNull();
  });

  test("name what never came", () => {
    const never = recoveryOf(observed({ firstAtMs: [null, 13_000], caughtUpAtMs: null }));
    expect(never).toMatchObject({ firstSwipeMs: 2_900, lastPartitionMs: null, caughtUpMs: null });
    expect(recoveryOf(observed({ firstAtMs: [null, null] }))).toMatchObject({
      firstSwipeMs: null,
      fullSpeedMs: null,
    });
  });

  test("have a point for every slot, in swipes a second", () => {
    const { curve } = recoveryOf(observed());
    expect(curve).toHaveLength(18);
    expect(curve[0]).toEqual({ atMs: -100, takenOver: 160, own: 400 });
    expect(curve[14]).toEqual({ atMs: 3_400, takenOver: 1_200, own: 400 });
  });
});

describe("the bounds", () => {
  const recovery = (firstSwipeMs: number | null, fullSpeedMs: number | null): Recovery => ({
    ...recoveryOf(observed()),
    firstSwipeMs,
    fullSpeedMs,
  });
  const of = (...recoveries: Recovery[]) => boundsOf({ recoveries, sessionTimeoutMs: 10_000 });

  test("are of the median: one slow kill of three passes, two do not", () => {
    expect(of(recovery(10_500, 12_000), recovery(19_000, 40_000), recovery(11_000, 21_000))).toEqual({
      firstSwipe: { medianMs: 11_000, allowedMs: 11_000, isHeld: true },
      fullSpeed: { medianMs: 10_000, allowedMs: 10_000, isHeld: true },
    });
    expect(of(recovery(10_500, 12_000), recovery(11_001, 21_002), recovery(11_002, null))).toEqual({
      firstSwipe: { medianMs: 11_001, allowedMs: 11_000, isHeld: false },
      fullSpeed: { medianMs: 10_001, allowedMs: 10_000, isHeld: false },
    });
  });

  test("are missed where it never came, and where nothing was measured", () => {
    expect(of(recovery(null, null)).firstSwipe).toEqual({ medianMs: null, allowedMs: 11_000, isHeld: false });
    expect(of().fullSpeed.isHeld).toBe(false);
  });
});
