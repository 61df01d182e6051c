/**
 * How far the decisions log answers a journal partition.
 *
 * Owns: the highest position found. Does not own: appending (`outcome-log.ts`).
 *
 * 1. Every owner appends in the order of positions and begins at most one behind the highest of the log: so all positions
 *    below the highest are there too.
 * 2. The last records can all be lower: an owner that had lost the partition, and did not know it, appends once more what
 *    the log holds. So a look at the end says at least how far the log answers; whoever must know looks further back.
 */

import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";

/**
 * An owner that lost its partition and cannot reach the store, which would tell it, judges on for a quarter of a minute:
 * at 50,000 records/s it appends so many.
 */
const LOOKED_BACK_MAX = 1_000_000;
const READ_RECORDS = 4_000;
const READ_BYTES = 4_194_304;
const READ_WAIT_MS = 1_000;

export class HeldOutcomes {
  private found: OutcomePosition | null = null;

  private constructor(
    private readonly log: EventLog,
    private readonly partition: number,
    private readonly tailRecords: number,
    private readonly topic: string,
  ) {}

  /** @param tailRecords looked at now. @throws EventLogError. */
  static async open(
    log: EventLog,
    partition: number,
    tailRecords: number,
    topic: string = Topic.DECISIONS,
  ): Promise<HeldOutcomes> {
    const held = new HeldOutcomes(log, partition, tailRecords, topic);
    const { start, end } = await log.bounds(topic, partition);
    await held.look(Math.max(start, end - tailRecords), end);
    return held;
  }

  /** At least so far the log answers; null where nothing was found. */
  get highest(): OutcomePosition | null {
    return this.found;
  }

  /** Journal offset of the highest position; −1 for none. */
  get offset(): number {
    return this.found?.journalOffset ?? -1;
  }

  /** Does the log answer the journal up to this offset? Looks at what came since, and as far back as it takes. */
  async reaches(journalOffset: number): Promise<boolean> {
    if (this.offset >= journalOffset) return true;
    const { start, end } = await this.log.bounds(this.topic, this.partition);
    const first = Math.max(start, end - LOOKED_BACK_MAX);
    for (let to = end, count = this.tailRecords; to > first; count *= 2) {
      const from = Math.max(first, to - count);
      await this.look(from, to);
      if (this.offset >= journalOffset) return true;
      to = from;
    }
    return false;
  }

  private async look(from: number, to: number): Promise<void> {
    if (from >= to) return;
    const reader = await this.log.reader(this.topic, this.partition, from);
    try {
      while (reader.position < to) {
        const recordsMax = Math.min(READ_RECORDS, to - reader.position);
        const batch = await reader.read({ recordsMax, bytesMax: READ_BYTES, waitMs: READ_WAIT_MS });
        if (batch.length === 0 && reader.position < to) throw this.unreadable(reader.position, to);
        for (const { header } of batch) {
          const position = decodePosition(header);
          if (isAbove(position, this.found)) this.found = position;
        }
      }
    } finally {
      await reader.close();
    }
  }

  /** To take less for all would be to take the log for shorter than it is. */
  private unreadable(offset: number, end: number): EventLogError {
    return new EventLogError(
      "UNREACHABLE",
      `${this.topic}/${this.partition}: nothing came at offset ${offset}, the log ends at ${end}; its leader may just be moving`,
      { retryable: true },
    );
  }
}
