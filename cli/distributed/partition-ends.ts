/**
 * Where partitions of a topic end, as the log told it last.
 *
 * Owns: one question a partition under way.
 * Does not own: when it is asked.
 *
 * 1. A partition that does not answer holds up none of the others: after `ANSWER_MS` it is not known where it ends,
 *    until its answer comes.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";

/** An answer takes milliseconds; the log itself asks for 15 s until it gives up. */
const ANSWER_MS = 3_000;

export interface PartitionEndsOptions {
  readonly log: Pick<EventLog, "bounds">;
  readonly topic: string;
  readonly clock: Clock;
}

export class PartitionEnds {
  private readonly ends = new Map<number, number>();
  private readonly asking = new Map<number, Promise<void>>();
  private over = new AbortController();

  constructor(private readonly options: PartitionEndsOptions) {}

  /** Offset of the next record; null where it is not known. */
  of(partition: number): number | null {
    return this.ends.get(partition) ?? null;
  }

  /** Asks these and forgets the others. Resolves when all have answered, or their time is over. Never rejects. */
  async ask(partitions: readonly number[]): Promise<void> {
    for (const known of [...this.ends.keys()]) if (!partitions.includes(known)) this.ends.delete(known);
    this.over = new AbortController();
    const answered = Promise.all(partitions.map((partition) => this.answerOf(partition)));
    await Promise.race([answered, this.options.clock.sleep(ANSWER_MS, this.over.signal)]);
    this.over.abort();
    for (const partition of partitions) if (this.asking.has(partition)) this.ends.delete(partition);
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.over.abort();
  }

  private answerOf(partition: number): Promise<void> {
    const known = this.asking.get(partition);
    if (known !== undefined) return known;
    const { log, topic } = this.options;
    const asked = log
      .bounds(topic, partition)
      .then(
        ({ end }) => void this.ends.set(partition, end),
        () => void this.ends.delete(partition),
      )
      .finally(() => this.asking.delete(partition));
    this.asking.set(partition, asked);
    return asked;
  }
}
