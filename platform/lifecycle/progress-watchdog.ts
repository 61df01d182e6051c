/**
 * Says when a loop stands still though there is work: a consumer can stop without an error, and a living process with a
 * dead loop is one nobody restarts.
 *
 * 1. Only standing that was watched counts: a process that was paused wakes up to a fresh look, not to an alarm.
 * 2. Where the amount of work cannot be had, nothing is known, and the watch begins anew: the readiness tells of that.
 * 3. `onStuck` is called once for each standstill; progress arms it again.
 */

import type { Clock } from "../clock/clock.js";

/** Looks for each allowed standstill: the alarm comes at most a fifth late. */
const LOOKS_PER_STANDSTILL = 5;

export interface ProgressWatchdogOptions {
  readonly clock: Clock;
  /** How far the loop is: any number that changes with every step forward. */
  readonly howFar: () => number;
  /** Work that is there and not done; 0 for none. */
  readonly howMuch: () => number | Promise<number>;
  readonly stuckAfterMs: number;
  readonly onStuck: (standstill: Standstill) => void;
}

export interface Standstill {
  readonly at: number;
  readonly waiting: number;
  readonly standingMs: number;
}

export class ProgressWatchdog {
  private readonly ended = new AbortController();
  private readonly watching: Promise<void>;
  private at: number;
  private standingMs = 0;
  private hasTold = false;

  constructor(private readonly options: ProgressWatchdogOptions) {
    this.at = options.howFar();
    this.watching = this.watch();
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { clock, stuckAfterMs } = this.options;
    const everyMs = stuckAfterMs / LOOKS_PER_STANDSTILL;
    while (!this.ended.signal.aborted) {
      await clock.sleep(everyMs, this.ended.signal);
      if (!this.ended.signal.aborted) await this.look(everyMs);
    }
  }

  private async look(passedMs: number): Promise<void> {
    const waiting = await this.waiting();
    const at = this.options.howFar();
    if (waiting === null || waiting <= 0 || at !== this.at) {
      this.at = at;
      this.standingMs = 0;
      this.hasTold = false;
      return;
    }
    this.standingMs += passedMs;
    if (this.hasTold || this.standingMs < this.options.stuckAfterMs || this.ended.signal.aborted) return;
    this.hasTold = true;
    this.options.onStuck({ at, waiting, standingMs: this.standingMs });
  }

  private async waiting(): Promise<number | null> {
    try {
      return await this.options.howMuch();
    } catch {
      return null; // invariant 2
    }
  }
}
