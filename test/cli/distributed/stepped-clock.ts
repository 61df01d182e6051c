/** A clock for a loop that works and then sleeps: its time moves when the test lets the loop go round once more. */

import type { Clock } from "../../../platform/clock/clock.js";

export class SteppedClock implements Clock {
  private nowMs = 1_000_000;
  private wake: (() => void) | null = null;
  private asleep: (() => void) | null = null;

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.nowMs += ms;
        resolve();
      };
      signal?.addEventListener("abort", () => resolve(), { once: true });
      this.asleep?.();
    });
  }

  /** Resolves when the loop sleeps. */
  sleeping(): Promise<void> {
    if (this.wake !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.asleep = resolve;
    });
  }

  /** The loop goes round so many times; resolves when it sleeps again. */
  async rounds(count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.sleeping();
      const { wake } = this;
      this.wake = null;
      const again = this.sleeping();
      wake!();
      await again;
    }
  }
}
