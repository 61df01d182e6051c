/**
 * Appends of this process to one topic.
 *
 * Owns: the partitions' sequences and known ends. Does not own: tries and requests (`BatchDelivery`).
 *
 * 1. One append in flight for each partition, one batch of it under way at a time: nothing is ever sent behind a batch
 *    whose fate is open.
 * 2. Entries are checked and encoded before anything waits; the caller may reuse its buffers.
 * 3. An append succeeds when every batch of it was acknowledged under its own sequence; what was acknowledged is in the
 *    log once.
 * 4. An append that failed is the caller's to send again. The next batch has a new epoch (`PartitionSequence`): late
 *    copies of the failed one land before it or not at all.
 * 5. Offsets acknowledged for a partition only rise. One that falls, and a server that does not know the batch before,
 *    mean that acknowledged records are gone: the partition takes nothing more from this producer (no append behind a
 *    hole) until the process was started anew.
 */

import type { Clock } from "../../clock/clock.js";
import { type AppendResult, EventLogError, type LogEntry, type LogProducer } from "../event-log.js";
import { PackedEntries } from "../packed-entries.js";
import type { BatchDelivery, Delivered } from "./batch-delivery.js";
import type { Compression } from "./compression.js";
import { type EntryRange, encodeRecordBatch } from "./encode-record-batch.js";
import { PartitionSequence } from "./partition-sequence.js";
import type { ProducerId } from "./producer-id.js";
import { splitEntries } from "./split-entries.js";

export interface KafkaProducerOptions {
  readonly topic: string;
  readonly partitionCount: number;
  /** Shared by the producers of a process. */
  readonly delivery: BatchDelivery;
  readonly newProducerId: () => Promise<ProducerId>;
  /** Offset the partition's next record will get; for appends of nothing. */
  readonly endOf: (partition: number) => Promise<number>;
  /** Loaded by `loadCompression` before. */
  readonly compression: Compression;
  readonly clock: Clock;
  readonly onClose?: () => void;
}

interface PartitionLane {
  readonly sequence: PartitionSequence;
  /** Behind the last acknowledged record. */
  end: number;
  /** Why nothing can be appended: for good (invariant 5), or until there is a new producer id. */
  unusable: EventLogError | null;
  isRestarting: boolean;
  inFlight: Promise<AppendResult> | null;
}

interface EncodedBatch {
  readonly bytes: Buffer;
  readonly recordCount: number;
}

export class KafkaProducer implements LogProducer {
  private readonly lanes: readonly PartitionLane[];
  /** Filled by each `append` and free again when it returns (invariant 2). */
  private readonly packed = new PackedEntries();
  private isClosed = false;

  private constructor(
    private readonly options: KafkaProducerOptions,
    { producerId, producerEpoch }: ProducerId,
  ) {
    this.lanes = Array.from({ length: options.partitionCount }, () => ({
      sequence: new PartitionSequence(producerId, producerEpoch),
      end: 0,
      unusable: null,
      isRestarting: false,
      inFlight: null,
    }));
  }

  /** @throws EventLogError UNREACHABLE, NOT_AUTHORIZED. */
  static async open(options: KafkaProducerOptions): Promise<KafkaProducer> {
    return new KafkaProducer(options, await options.newProducerId());
  }

  append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    return this.appendPacked(partition, this.packed.refill(entries));
  }

  /** Not an async function: on the way of every swipe, one that only passes on another's promise costs its own. */
  appendPacked(partition: number, entries: PackedEntries): Promise<AppendResult> {
    try {
      return this.begin(partition, entries);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Nothing to do: an acknowledged append is on all replicas in sync. */
  async flush(): Promise<void> {
    this.checkOpen();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.lanes.map(({ inFlight }) => inFlight));
    this.options.onClose?.();
  }

  private begin(partition: number, entries: PackedEntries): Promise<AppendResult> {
    this.checkOpen();
    const where = `${this.options.topic}/${partition}`;
    const lane = this.laneOf(partition, where);
    const ranges = splitEntries(where, entries);
    if (lane.inFlight !== null)
      throw new EventLogError(
        "APPEND_IN_FLIGHT",
        `${where}: the append before is not settled; wait for it before the next`,
      );
    this.checkUsable(lane);
    const append =
      ranges.length === 0
        ? this.appendNothing(partition, lane)
        : this.deliverAll(partition, lane, this.encode(lane, entries, ranges));
    lane.inFlight = append;
    return append;
  }

  private encode(
    lane: PartitionLane,
    entries: PackedEntries,
    ranges: readonly EntryRange[],
  ): readonly EncodedBatch[] {
    const { compression, clock } = this.options;
    return ranges.map((range) => {
      const recordCount = range.end - range.first;
      const sequence = lane.sequence.take(recordCount);
      const timestampMs = clock.now();
      return {
        recordCount,
        bytes: encodeRecordBatch({ entries, range, ...sequence, compression, timestampMs }),
      };
    });
  }

  private async appendNothing(partition: number, lane: PartitionLane): Promise<AppendResult> {
    try {
      return { firstOffset: await this.options.endOf(partition), appendedAtMs: this.options.clock.now() };
    } finally {
      lane.inFlight = null;
    }
  }

  private async deliverAll(
    partition: number,
    lane: PartitionLane,
    batches: readonly EncodedBatch[],
  ): Promise<AppendResult> {
    const { topic, delivery } = this.options;
    try {
      let first: Delivered | null = null;
      for (const { bytes, recordCount } of batches) {
        const delivered = await delivery.deliver({ topic, partition, bytes }, lane.end);
        if (delivered.baseOffset < lane.end)
          throw offsetsFell(`${topic}/${partition}`, delivered.baseOffset, lane.end);
        lane.end = delivered.baseOffset + recordCount;
        first ??= delivered;
      }
      return this.resultOf(first!);
    } catch (error) {
      this.afterFailure(lane, error);
      throw error;
    } finally {
      lane.inFlight = null;
    }
  }

  private resultOf({ baseOffset, appendedAtMs }: Delivered): AppendResult {
    return {
      firstOffset: baseOffset,
      appendedAtMs: appendedAtMs >= 0 ? appendedAtMs : this.options.clock.now(),
    };
  }

  private afterFailure(lane: PartitionLane, error: unknown): void {
    if (error instanceof EventLogError && error.code === "CORRUPT" && !error.retryable) lane.unusable = error;
    else if (!lane.sequence.fence()) lane.unusable = spentEpochs(this.options.topic);
  }

  private checkUsable(lane: PartitionLane): void {
    if (lane.unusable === null) return;
    const error = lane.unusable;
    if (error.retryable) void this.restart(lane);
    throw error;
  }

  /** Gives the lane a new producer id; until it comes each append is refused and may be tried again. */
  private async restart(lane: PartitionLane): Promise<void> {
    if (lane.isRestarting) return;
    lane.isRestarting = true;
    try {
      const { producerId, producerEpoch } = await this.options.newProducerId();
      lane.sequence.restart(producerId, producerEpoch);
      lane.unusable = null;
    } catch (error) {
      if (!(error instanceof EventLogError)) throw error;
      lane.unusable = error.retryable ? spentEpochs(this.options.topic) : error;
    } finally {
      lane.isRestarting = false;
    }
  }

  private laneOf(partition: number, where: string): PartitionLane {
    const lane = this.lanes[partition];
    if (lane !== undefined) return lane;
    throw new EventLogError(
      "TOPIC_UNKNOWN",
      `${where}: the topic has ${this.lanes.length} partitions, 0 to ${this.lanes.length - 1}`,
    );
  }

  private checkOpen(): void {
    if (this.isClosed) throw new EventLogError("CLOSED", `the producer of ${this.options.topic} is closed`);
  }
}

function offsetsFell(where: string, baseOffset: number, end: number): EventLogError {
  return new EventLogError(
    "CORRUPT",
    `${where}: an append got offset ${baseOffset}, though records below ${end} had been acknowledged: they are lost (unclean leader election, topic made anew). Compare the topic with what was written, then start again`,
  );
}

/** 32,767 appends of one partition failed. */
function spentEpochs(topic: string): EventLogError {
  return new EventLogError("FAILED", `${topic}: a new producer id is being fetched; append again`, {
    retryable: true,
  });
}
