/**
 * Does each partition get on? The sum over all says nothing of one that stands still among many.
 *
 * Owns: for how long each has been seen to stand, or not to be open.
 *
 * 1. Only what was watched counts: a process that was paused wakes up to a fresh look, not to an alarm.
 * 2. A partition stands where records wait in it and none was judged. Where it is not known whether any wait, nothing is
 *    known, and the watch begins anew.
 */

/** A partition that is open. */
export interface WatchedPartition {
  readonly partition: number;
  readonly judgedOffset: number;
  /** Records that wait; null where it is not known. */
  readonly lag: number | null;
}

export interface StandingPartition {
  readonly partition: number;
  readonly standingMs: number;
  readonly waiting: number;
}

interface Watch {
  readonly judgedOffset: number | null;
  readonly waiting: number;
  readonly forMs: number;
}

export class PartitionProgress {
  private watches = new Map<number, Watch>();
  private judged = 0;

  /** Changes whenever something was judged in any of them. */
  get judgedRecords(): number {
    return this.judged;
  }

  /** @param passedMs since the look before. @param wanted partitions that should be open. */
  look(passedMs: number, wanted: readonly number[], open: readonly WatchedPartition[]): void {
    const opened = new Map(open.map((each) => [each.partition, each]));
    const before = this.watches;
    this.watches = new Map(
      [...new Set([...wanted, ...opened.keys()])].map((partition) => {
        const now = opened.get(partition);
        const judgedOffset = now?.judgedOffset ?? null;
        const watch = before.get(partition);
        if (judgedOffset !== null && watch?.judgedOffset !== judgedOffset) this.judged++;
        const stands = now === undefined || (now.lag !== null && now.lag > 0);
        const goesOn = stands && watch !== undefined && watch.judgedOffset === judgedOffset;
        return [
          partition,
          { judgedOffset, waiting: now?.lag ?? 0, forMs: goesOn ? watch.forMs + passedMs : 0 },
        ];
      }),
    );
  }

  /** Open, with records that wait, none judged for at least so long. */
  standing(forAtLeastMs: number): readonly StandingPartition[] {
    return this.watchedFor(forAtLeastMs)
      .filter(([, { judgedOffset }]) => judgedOffset !== null)
      .map(([partition, { forMs, waiting }]) => ({ partition, standingMs: forMs, waiting }));
  }

  /** Not open for at least so long though they should be. */
  opening(forAtLeastMs: number): readonly number[] {
    return this.watchedFor(forAtLeastMs)
      .filter(([, { judgedOffset }]) => judgedOffset === null)
      .map(([partition]) => partition);
  }

  private watchedFor(forAtLeastMs: number): readonly (readonly [number, Watch])[] {
    return [...this.watches].filter(([, { forMs }]) => forMs >= forAtLeastMs).sort(([a], [b]) => a - b);
  }
}
