/**
 * The partitions of one raw topic that this process reads, as a group of processes agrees on them.
 *
 * Owns: membership in the group, one `RawPartition` for each partition that was ever assigned, the heartbeats.
 */

import type { PartitionGroup } from "../../platform/event-log/partition-group.js";
import type { Trouble } from "./passing-trouble.js";
import { RawHeartbeats } from "./raw-source-heartbeats.js";
import { RawPartition, type RawPartitionOptions } from "./raw-source-partition.js";
import { rawGroupId } from "./raw-topics.js";

export interface RawTopicStatus {
  readonly topic: string;
  /** Partitions of this process, sorted. */
  readonly partitions: readonly number[];
  /** Records of these partitions that are not in the journal yet; null where one was not measured yet. */
  readonly lagRecords: number | null;
  /** The error that has been waited out longest, null where all goes well. */
  readonly trouble: Trouble | null;
}

export interface RawSourceTopicOptions extends Omit<RawPartitionOptions, "group" | "heartbeats"> {
  readonly groupPrefix: string | undefined;
}

export class RawSourceTopic {
  /** Resolves when the group was joined. */
  readonly joined: Promise<PartitionGroup>;
  private readonly partitions = new Map<number, RawPartition>();
  private readonly heartbeats: RawHeartbeats;
  private isClosed = false;

  constructor(private readonly options: RawSourceTopicOptions) {
    const { join, topic, groupPrefix, onFailure } = options;
    // A turn later: an assignment may arrive while it joins, and needs this promise.
    this.joined = Promise.resolve().then(() =>
      join({
        groupId: rawGroupId(topic.topic, groupPrefix),
        topic: topic.topic,
        onAssignment: (assigned) => this.assign(assigned),
        onFailure,
      }),
    );
    // Whoever waits for it hears of it; the partitions wait for it too, some of them nobody's any more.
    this.joined.catch(() => {});
    this.heartbeats = new RawHeartbeats({
      ...options,
      group: this.joined,
      positionOf: (partition) => this.partitions.get(partition)?.reached ?? null,
    });
  }

  get status(): RawTopicStatus {
    const wanted = this.wanted();
    const lags = wanted.map(({ lag }) => lag);
    return {
      topic: this.options.topic.topic,
      partitions: wanted.map(({ partition }) => partition).sort((a, b) => a - b),
      lagRecords: lags.includes(null) ? null : lags.reduce<number>((sum, lag) => sum + (lag ?? 0), 0),
      trouble: longest([...wanted, this.heartbeats].flatMap(({ trouble }) => trouble.current ?? [])),
    };
  }

  /** Measures what is behind, as far as the log answers. */
  async measure(): Promise<void> {
    const { counters, topic, logger } = this.options;
    for (const result of await Promise.allSettled(this.wanted().map((each) => each.measureLag())))
      if (result.status === "rejected")
        logger.debug("ingest.raw-lag-unknown", { topic: topic.topic, error: result.reason });
    const { lagRecords, partitions } = this.status;
    if (lagRecords !== null) counters.lag.set(lagRecords, { topic: topic.topic });
    counters.partitions.set(partitions.length, { topic: topic.topic });
  }

  /** Resolves when everything that was read is durable and committed, as far as that goes. */
  async finish(): Promise<void> {
    this.isClosed = true;
    const partitions = [...this.partitions.values()];
    for (const partition of partitions) partition.finish();
    await Promise.all(partitions.map(({ ended }) => ended));
    this.heartbeats.stop();
  }

  /** Reads and commits nothing more; what is under way is left to itself. */
  abandon(): void {
    this.isClosed = true;
    this.heartbeats.stop();
    for (const partition of this.partitions.values()) partition.lose();
  }

  /** Gives all partitions to others. Idempotent. */
  async leave(): Promise<void> {
    const group = await this.joined.catch(() => null);
    await group?.leave();
  }

  private wanted(): readonly RawPartition[] {
    return [...this.partitions.values()].filter(({ wanted }) => wanted);
  }

  private assign(assigned: readonly number[]): void {
    if (this.isClosed) return;
    const { logger, topic } = this.options;
    logger.info("ingest.raw-assigned", { topic: topic.topic, count: assigned.length });
    for (const known of this.partitions.values()) if (!assigned.includes(known.partition)) known.lose();
    for (const partition of assigned) this.partitionOf(partition).want();
  }

  private partitionOf(partition: number): RawPartition {
    const known = this.partitions.get(partition);
    if (known !== undefined) return known;
    const created = new RawPartition(
      { ...this.options, group: this.joined, heartbeats: this.heartbeats },
      partition,
    );
    this.partitions.set(partition, created);
    return created;
  }
}

function longest(troubles: readonly Trouble[]): Trouble | null {
  return troubles.reduce<Trouble | null>(
    (found, each) => (found === null || each.sinceMs < found.sinceMs ? each : found),
    null,
  );
}
