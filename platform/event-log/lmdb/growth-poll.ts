/**
 * Looks every few milliseconds whether another process has committed, as long as somebody waits for it.
 *
 * LMDB has no word between processes. A look is a read of one small value for all partitions. 2 ms after growth makes
 * the median lag about 1 ms; 20 ms when nothing comes keeps an idle process below 2 % of a core (measured: 24 waiting
 * readers, 17 ms of CPU a second on a busy machine).
 */

import type { Clock } from "../../clock/clock.js";

const PAUSE_MS_MIN = 2;
const PAUSE_MS_MAX = 20;
const PAUSE_GROWTH = 1.2;

export class GrowthPoll {
  private resting = new AbortController();
  private looking: Promise<void> | null = null;

  /** @param look says whether anything was there. */
  constructor(
    private readonly clock: Clock,
    private readonly look: () => boolean,
  ) {}

  keepLooking(): void {
    if (this.looking !== null && !this.resting.signal.aborted) return;
    this.resting = new AbortController();
    this.looking = this.run(this.looking, this.resting.signal);
  }

  rest(): void {
    this.resting.abort();
  }

  async stop(): Promise<void> {
    this.rest();
    await this.looking;
  }

  private async run(before: Promise<void> | null, signal: AbortSignal): Promise<void> {
    await before;
    let pauseMs = PAUSE_MS_MIN;
    while (!signal.aborted) {
      pauseMs = this.look() ? PAUSE_MS_MIN : Math.min(PAUSE_MS_MAX, pauseMs * PAUSE_GROWTH);
      await this.clock.sleep(pauseMs, signal);
    }
  }
}
