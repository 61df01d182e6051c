/**
 * Heartbeats of a raw topic, each kept back until it is true for the whole topic.
 *
 * A heartbeat says: what its sender had sent by then has arrived. The judge hears of it in every partition of the
 * journal, so it must hold for every partition of the raw topic, whichever process reads that one.
 *
 * Owns: the heartbeats that wait, the rounds in which they are let through.
 * Does not own: the positions of the partitions (raw-source-partition.ts, and the group for those of other processes).
 *
 * 1. A heartbeat gets into the journal only after every record that any partition of the topic held when the heartbeat
 *    had been read is in the journal, or parked. How far that is: the end of each partition, asked for after the
 *    heartbeat was read, and the position of each, in this process or as its reader committed it.
 * 2. Its own partition does not wait for it: two partitions with a heartbeat each would wait for each other.
 * 3. One that waited longer than a feed may be silent vouches for nothing. While some partition does not get on, for
 *    instance because nobody reads it, no heartbeat gets through and the feed goes stale: that is what it is.
 * 4. Of those of one feed that wait for the next round only the newest is kept. What waits when the process ends is gone;
 *    the next heartbeat comes within seconds.
 */

import type { PartitionGroup } from "../../platform/event-log/partition-group.js";
import type { CanonicalHeartbeat } from "../../schemas/journal.js";
import { PassingTrouble } from "./passing-trouble.js";
import type { RawSourceMetrics } from "./raw-source-metrics.js";
import type { RawSourceLimits, RawSourceOptions } from "./raw-source-options.js";
import type { RawTopic } from "./raw-topics.js";

/** Thirty times the provinces; who names more feeds names none of ours. */
const FEEDS_MAX = 1_000;

export interface RawHeartbeatsOptions
  extends Pick<RawSourceOptions, "log" | "intake" | "clock" | "logger" | "onFailure"> {
  readonly topic: RawTopic;
  readonly group: Promise<PartitionGroup>;
  readonly limits: RawSourceLimits;
  readonly counters: RawSourceMetrics;
  /** Everything before it is durable; null for a partition that this process does not read. */
  readonly positionOf: (partition: number) => number | null;
}

interface WaitingHeartbeat {
  readonly record: CanonicalHeartbeat;
  /** When the topic took it. */
  readonly sentAtMs: number;
}

type HeartbeatResult = "accepted" | "stale" | "superseded";

export class RawHeartbeats {
  readonly trouble: PassingTrouble;
  /** By feed, for the next round. */
  private waiting = new Map<string, WaitingHeartbeat>();
  private isRunning = false;
  private readonly stopping = new AbortController();

  constructor(private readonly options: RawHeartbeatsOptions) {
    const { clock, logger, limits, counters, topic } = options;
    this.trouble = new PassingTrouble({
      clock,
      firstMs: limits.backoffFirstMs,
      maxMs: limits.backoffMaxMs,
      onWait: (error, attempt) => {
        counters.retries.add(1, { topic: topic.topic });
        logger.warn("ingest.raw-heartbeats-wait", { topic: topic.topic, attempt, error });
      },
    });
  }

  /** Never waits. */
  offer(record: CanonicalHeartbeat, sentAtMs: number): void {
    const { waiting } = this;
    const { feedId } = record;
    const before = waiting.get(feedId);
    if (before !== undefined) this.count("superseded");
    // A partition that is behind may bring the older one later.
    if (before !== undefined && before.sentAtMs > sentAtMs) return;
    if (this.stopping.signal.aborted || (before === undefined && waiting.size >= FEEDS_MAX))
      this.count("stale");
    else waiting.set(feedId, { record, sentAtMs });
    if (!this.isRunning) void this.run();
  }

  /** Lets nothing more through. */
  stop(): void {
    this.stopping.abort();
  }

  /** Round after round until nothing waits; never rejects. */
  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { clock, limits, onFailure } = this.options;
    this.isRunning = true;
    try {
      while (this.waiting.size > 0 && !signal.aborted) {
        const taken = [...this.waiting.values()];
        this.waiting = new Map();
        await this.round(taken);
        this.trouble.over();
        await clock.sleep(limits.heartbeatEveryMs, signal);
      }
    } catch (error) {
      this.trouble.over();
      if (!signal.aborted) onFailure(error);
      this.stop();
    } finally {
      this.isRunning = false;
    }
  }

  private async round(taken: readonly WaitingHeartbeat[]): Promise<void> {
    const { clock, limits } = this.options;
    const { signal } = this.stopping;
    const behind = await this.again(() => this.ends());
    let left = taken;
    for (;;) {
      left = this.fresh(left);
      if (left.length === 0 || signal.aborted) return;
      await this.again(() => this.dropReached(behind));
      if (behind.size === 0) break;
      await clock.sleep(limits.heartbeatEveryMs, signal);
    }
    for (const heartbeat of left) await this.letThrough(heartbeat);
  }

  /** The end of each partition: what it holds now. */
  private async ends(): Promise<Map<number, number>> {
    const { log, topic } = this.options;
    const count = await log.partitionCount(topic.topic);
    const partitions = Array.from({ length: count }, (_, partition) => partition);
    const bounds = await Promise.all(partitions.map((partition) => log.bounds(topic.topic, partition)));
    return new Map(
      bounds.flatMap(({ start, end }, partition) => (start < end ? [[partition, end] as const] : [])),
    );
  }

  /** @param behind partitions and the ends they have to reach; those that have are taken out. */
  private async dropReached(behind: Map<number, number>): Promise<void> {
    const group = await this.options.group;
    await Promise.all(
      [...behind].map(async ([partition, end]) => {
        const position = this.options.positionOf(partition) ?? (await group.committed(partition));
        if (position !== null && position >= end) behind.delete(partition);
      }),
    );
  }

  private async letThrough(heartbeat: WaitingHeartbeat): Promise<void> {
    await this.again(async () => {
      if (this.fresh([heartbeat]).length === 0) return;
      await this.options.intake.append(heartbeat.record);
      this.count("accepted");
    });
  }

  /** Those that still vouch for something; the others are counted. */
  private fresh(heartbeats: readonly WaitingHeartbeat[]): readonly WaitingHeartbeat[] {
    const { clock, limits } = this.options;
    return heartbeats.filter(({ sentAtMs }) => {
      const isFresh = clock.now() - sentAtMs <= limits.heartbeatAgeMsMax;
      if (!isFresh) this.count("stale");
      return isFresh;
    });
  }

  private async again<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        await this.trouble.pass(error, this.stopping.signal);
      }
    }
  }

  private count(result: HeartbeatResult): void {
    this.options.counters.records.add(1, { topic: this.options.topic.topic, result });
  }
}
