/**
 * Sink of one topic: its records become rows, each exactly once.
 *
 * Owns: where each partition stands.
 * Does not own: the loop (`consume-once.ts`), the inserts (`block-committer.ts`).
 *
 * 1. **The rows are the progress**: a partition stands behind its row with the highest offset. Blocks are whole and in
 *    order, so nothing below that row is missing and nothing above it is there; a kill between an insert and a note
 *    about it cannot happen, there is no note.
 * 2. One writer per partition: what is remembered here is what the table holds. Whoever gets a partition from another
 *    process asks the table again (`reread`).
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { ConsumerSink, MarkedRecord, Progress } from "../../platform/event-log/consume-once.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import { batchesOf } from "./block.js";
import type { BlockCommitter } from "./block-committer.js";
import type { LogTable } from "./log-tables.js";
import { integerIn } from "./row-values.js";

export type LogProgress = Progress<OutcomePosition>;

/** Where each partition stands that has rows. One pass over three narrow columns. */
export async function readProgress(
  database: Pick<AnalyticsDatabase, "query">,
  { table }: LogTable,
): Promise<Map<number, LogProgress>> {
  const rows = await database.query(
    `SELECT partition, max(logOffset) AS lastOffset, argMax(journalOffset, logOffset) AS lastJournalOffset,
       argMax(sequence, logOffset) AS lastSequence
     FROM ${table} GROUP BY partition`,
  );
  return new Map(
    rows.map((row) => [
      integerIn(row, "partition"),
      {
        nextOffset: integerIn(row, "lastOffset") + 1,
        highWater: {
          journalOffset: integerIn(row, "lastJournalOffset"),
          sequence: integerIn(row, "lastSequence"),
        },
      },
    ]),
  );
}

export class LogWriter implements ConsumerSink<OutcomePosition> {
  private constructor(
    private readonly database: AnalyticsDatabase,
    private readonly table: LogTable,
    private readonly committer: BlockCommitter,
    private readonly standing: Map<number, LogProgress>,
  ) {}

  static async open(
    database: AnalyticsDatabase,
    table: LogTable,
    committer: BlockCommitter,
  ): Promise<LogWriter> {
    return new LogWriter(database, table, committer, await readProgress(database, table));
  }

  /** Where partitions stand that another process had. @throws AnalyticsError. */
  async reread(partitions: readonly number[]): Promise<void> {
    const progress = await readProgress(this.database, this.table);
    for (const partition of partitions) {
      const stands = progress.get(partition);
      if (stands === undefined) this.standing.delete(partition);
      else this.standing.set(partition, stands);
    }
  }

  async progress(partition: number): Promise<LogProgress | null> {
    return this.standing.get(partition) ?? null;
  }

  /** @throws what the committer throws: the records are not, or not all, in the table; progress says which. */
  async apply(
    partition: number,
    marked: readonly MarkedRecord<OutcomePosition>[],
    progress: LogProgress,
  ): Promise<void> {
    const records = marked.map(({ record }) => record);
    const markOf = new Map(marked.map(({ record, mark }) => [record, mark]));
    for (const batch of batchesOf(partition, records)) {
      await this.committer.commit(batch);
      const last = batch.records.at(-1)!;
      this.standing.set(partition, { nextOffset: last.offset + 1, highWater: markOf.get(last)! });
    }
    this.standing.set(partition, progress);
  }
}
