/**
 * A clock for a loop that works and then sleeps: its time moves when the test lets the loop go round once more. What
 * waits for an answer with a time limit is a sleeper, too, for as long as no answer came.
 */

import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../platform/clock/clock.js";

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export class SteppedClock implements Clock {
  private nowMs = 1_000_000;
  private sleepers: Sleeper[] = [];

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { untilMs: this.nowMs + ms, wake: resolve };
      this.sleepers.push(sleeper);
      const onAbort = () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Resolves when nothing is left to do but to sleep. */
  async sleeping(): Promise<void> {
    do await turn();
    while (this.sleepers.length === 0);
  }

  /** The next sleeper is woken, so many times; resolves when the loop sleeps again. */
  async rounds(count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.sleeping();
      this.sleepers.sort((a, b) => a.untilMs - b.untilMs);
      const sleeper = this.sleepers.shift()!;
      this.nowMs = sleeper.untilMs;
      sleeper.wake();
      await this.sleeping();
    }
  }
}
