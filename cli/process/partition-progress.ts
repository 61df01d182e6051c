/**
 * Does each partition get on? The sum over all says nothing of one that stands still among many.
 *
 * Owns: for how long each has been seen to stand, or not to be open.
 *
 * 1. Only what was watched counts: a process that was paused wakes up to a fresh look, not to an alarm.
 * 2. A partition stands where records wait in it and none was done. Where it is not known whether any wait, nothing is
 *    known, and the watch begins anew.
 */

/** A partition that is open; `Key` where there are several of one number. */
export interface WatchedPartition<Key> {
  readonly partition: Key;
  /** Moves with every record that is done. */
  readonly doneOffset: number;
  /** Records that wait; null where it is not known. */
  readonly lag: number | null;
}

export interface StandingPartition<Key = number> {
  readonly partition: Key;
  readonly standingMs: number;
  readonly waiting: number;
}

interface Watch {
  readonly doneOffset: number | null;
  readonly waiting: number;
  readonly forMs: number;
}

export class PartitionProgress<Key extends number | string = number> {
  private watches = new Map<Key, Watch>();
  private moves = 0;

  /** Changes whenever something was done in any of them. */
  get moved(): number {
    return this.moves;
  }

  /** @param passedMs since the look before. @param wanted partitions that should be open. */
  look(passedMs: number, wanted: readonly Key[], open: readonly WatchedPartition<Key>[]): void {
    const opened = new Map(open.map((each) => [each.partition, each]));
    const before = this.watches;
    this.watches = new Map(
      [...new Set([...wanted, ...opened.keys()])].map((partition) => {
        const now = opened.get(partition);
        const doneOffset = now?.doneOffset ?? null;
        const watch = before.get(partition);
        if (doneOffset !== null && watch?.doneOffset !== doneOffset) this.moves++;
        const stands = now === undefined || (now.lag !== null && now.lag > 0);
        const goesOn = stands && watch !== undefined && watch.doneOffset === doneOffset;
        return [
          partition,
          { doneOffset, waiting: now?.lag ?? 0, forMs: goesOn ? watch.forMs + passedMs : 0 },
        ];
      }),
    );
  }

  /** Open, with records that wait, none done for at least so long. */
  standing(forAtLeastMs: number): readonly StandingPartition<Key>[] {
    return this.watchedFor(forAtLeastMs)
      .filter(([, { doneOffset }]) => doneOffset !== null)
      .map(([partition, { forMs, waiting }]) => ({ partition, standingMs: forMs, waiting }));
  }

  /** Not open for at least so long though they should be. */
  opening(forAtLeastMs: number): readonly Key[] {
    return this.watchedFor(forAtLeastMs)
      .filter(([, { doneOffset }]) => doneOffset === null)
      .map(([partition]) => partition);
  }

  private watchedFor(forAtLeastMs: number): readonly (readonly [Key, Watch])[] {
    return [...this.watches].filter(([, { forMs }]) => forMs >= forAtLeastMs).sort(byKey);
  }
}

function byKey([a]: readonly [number | string, Watch], [b]: readonly [number | string, Watch]): number {
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
