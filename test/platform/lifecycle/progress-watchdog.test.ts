import { afterEach, describe, expect, test } from "@jest/globals";
import type { Clock } from "../../../platform/clock/clock.js";
import { ProgressWatchdog, type Standstill } from "../../../platform/lifecycle/progress-watchdog.js";

/** Each look happens when the test says so. */
class StepClock implements Clock {
  private wake: (() => void) | null = null;
  private arrived: (() => void) | null = null;

  now(): number {
    return 0;
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      signal?.addEventListener("abort", () => resolve(), { once: true });
      this.arrived?.();
    });
  }

  /** Ends the sleep; resolves when the watchdog sleeps again. */
  async step(count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      const again = new Promise<void>((resolve) => {
        this.arrived = resolve;
      });
      this.wake!();
      await again;
    }
  }
}

const STUCK_AFTER_MS = 5_000;
/** Looks are a fifth of it apart. */
const LOOKS = 5;

describe("progress watchdog", () => {
  const clock = new StepClock();
  const loop = { at: 0, waiting: (): number | Promise<number> => 0 };
  let told: Standstill[] = [];
  let watchdog: ProgressWatchdog;

  const open = () => {
    told = [];
    loop.at = 0;
    loop.waiting = () => 0;
    watchdog = new ProgressWatchdog({
      clock,
      howFar: () => loop.at,
      howMuch: () => loop.waiting(),
      stuckAfterMs: STUCK_AFTER_MS,
      onStuck: (standstill) => told.push(standstill),
    });
  };
  afterEach(() => watchdog.close());

  test("work and no progress for the given time is told, once", async () => {
    open();
    loop.waiting = () => 7;
    await clock.step(LOOKS - 1);
    expect(told).toEqual([]);
    await clock.step();
    expect(told).toEqual([{ at: 0, waiting: 7, standingMs: STUCK_AFTER_MS }]);
    await clock.step(LOOKS * 3);
    expect(told).toHaveLength(1);
  });

  test("no work is no standstill", async () => {
    open();
    await clock.step(LOOKS * 3);
    expect(told).toEqual([]);
  });

  test("any progress begins the time anew, and arms it again after an alarm", async () => {
    open();
    loop.waiting = () => 7;
    await clock.step(LOOKS - 1);
    loop.at = 1;
    await clock.step(LOOKS);
    expect(told).toEqual([]);
    await clock.step();
    expect(told).toHaveLength(1);
    loop.at = 2;
    await clock.step(LOOKS + 1);
    expect(told.map(({ at }) => at)).toEqual([1, 2]);
  });

  test("where nobody can say how much there is the time begins anew", async () => {
    open();
    loop.waiting = () => 7;
    await clock.step(LOOKS - 1);
    loop.waiting = () => Promise.reject(new Error("the server is away"));
    await clock.step();
    loop.waiting = () => Promise.resolve(7);
    await clock.step(LOOKS - 1);
    expect(told).toEqual([]);
    await clock.step();
    expect(told).toHaveLength(1);
  });

  test("nothing is told after close", async () => {
    open();
    loop.waiting = () => 7;
    await clock.step(LOOKS - 1);
    await watchdog.close();
    expect(told).toEqual([]);
  });
});
