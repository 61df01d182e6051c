/**
 * The consumers' database in memory: rows of outcomes and the consumer's place, kept in one transaction.
 * A commit happens whole or not at all; its acknowledgement may be lost.
 */

import type { ConsumerSink, MarkedRecord, Progress } from "../../platform/event-log/consume-once.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import type { SimProcess } from "./sim-process.js";

export interface OutcomeRow {
  readonly position: OutcomePosition;
  readonly personKey: string;
  readonly body: Uint8Array;
}

interface HeldPartition {
  readonly rows: OutcomeRow[];
  progress: Progress<OutcomePosition> | null;
}

export class OutcomeDatabase {
  private readonly partitions: readonly HeldPartition[];

  constructor(partitionCount: number) {
    this.partitions = Array.from({ length: partitionCount }, () => ({ rows: [], progress: null }));
  }

  rows(partition: number): readonly OutcomeRow[] {
    return this.partitions[partition]!.rows;
  }

  nextOffset(partition: number): number {
    return this.partitions[partition]!.progress?.nextOffset ?? 0;
  }

  /** A connection of one process. */
  sink(process: SimProcess): ConsumerSink<OutcomePosition> {
    return {
      progress: async (partition) => {
        await process.point("sink.progress");
        return this.partitions[partition]!.progress;
      },
      apply: async (partition, records, progress) => {
        await process.point("sink.commit");
        this.commit(partition, records, progress);
        await process.point("sink.acknowledge");
      },
    };
  }

  private commit(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    progress: Progress<OutcomePosition>,
  ): void {
    const held = this.partitions[partition]!;
    for (const { record, mark } of records)
      held.rows.push({ position: mark, personKey: record.key, body: record.value });
    held.progress = progress;
  }
}
