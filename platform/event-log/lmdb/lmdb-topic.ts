/**
 * One topic in this process: group commit, and who waits for records.
 *
 * Owns: the appends under way, the ends of the partitions as this process knows them, the waiting readers.
 * Does not own: records (`TopicStore`), the limits of entries (`LmdbProducer`).
 *
 * 1. One commit at a time; appends that arrive meanwhile share the next one.
 * 2. Ends move after the commit, and only with it: a failed commit leaves no trace.
 * 3. A commit that does not answer makes the topic unusable: nobody knows what it left, so nothing may follow it.
 */

import type { Clock } from "../../clock/clock.js";
import {
  type AppendResult,
  EventLogError,
  type LoggedRecord,
  type ReadLimits,
  type TopicBounds,
} from "../event-log.js";
import { commitFailure } from "./commit-failure.js";
import { GrowthPoll } from "./growth-poll.js";
import { openTopicStore } from "./open-topic-store.js";
import type { TopicStore, TopicStoreOptions, WrittenRecords } from "./topic-store.js";

/** A commit takes milliseconds. After a failed write of a meta page lmdb never answers the next one. */
const COMMIT_MS_MAX = 60_000;
/** Of one commit: appends wait behind it, a few milliseconds. */
const FORGOTTEN_AT_ONCE = 2_000;

interface PendingAppend extends WrittenRecords {
  readonly appendedAtMs: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting {
  readonly partition: number;
  readonly offset: number;
  readonly wake: () => void;
}

export class LmdbTopic {
  private readonly store: TopicStore;
  private readonly poll: GrowthPoll | null;
  private readonly waiting = new Set<Waiting>();
  private ends: readonly number[];
  private pending: PendingAppend[] = [];
  private committing: Promise<void> | null = null;
  private forgetting: Promise<unknown> = Promise.resolve();
  private unusable: EventLogError | null = null;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly options: TopicStoreOptions,
    private readonly clock: Clock,
  ) {
    this.store = openTopicStore(options);
    this.ends = this.store.readEnds();
    this.poll = options.readOnly ? new GrowthPoll(clock, () => this.lookForGrowth()) : null;
  }

  get name(): string {
    return this.options.topic;
  }

  get partitions(): number {
    return this.options.partitions;
  }

  get isReadOnly(): boolean {
    return this.options.readOnly;
  }

  /** @throws EventLogError TOPIC_UNKNOWN for a partition that does not exist. */
  checkPartition(partition: number): void {
    if (Number.isInteger(partition) && partition >= 0 && partition < this.partitions) return;
    throw new EventLogError(
      "TOPIC_UNKNOWN",
      `${this.name}/${partition}: the topic has partitions 0 to ${this.partitions - 1}`,
    );
  }

  /** The caller has at most one append of a partition under way. */
  append(partition: number, envelopes: readonly Uint8Array[], appendedAtMs: number): Promise<AppendResult> {
    if (this.unusable !== null) return Promise.reject(this.unusable);
    const firstOffset = this.ends[partition]!;
    if (envelopes.length === 0) return Promise.resolve({ firstOffset, appendedAtMs });
    return new Promise((resolve, reject) => {
      this.pending.push({ partition, firstOffset, envelopes, appendedAtMs, resolve, reject });
      this.committing ??= this.commitPending();
    });
  }

  async flush(): Promise<void> {
    if (this.unusable !== null) throw this.unusable;
    if (this.options.durability === "durable") return;
    await this.inTime(this.store.flushed());
  }

  bounds(partition: number): TopicBounds {
    this.lookForGrowth();
    return this.store.bounds(partition, this.ends[partition]!);
  }

  read(partition: number, offset: number, limits: ReadLimits): readonly LoggedRecord[] {
    if (this.isReadOnly && this.ends[partition]! <= offset) this.lookForGrowth();
    const end = this.ends[partition]!;
    if (offset === end) return [];
    // Up to the end that is known here: LMDB may show records whose append has not resolved yet.
    const known = { ...limits, recordsMax: Math.min(limits.recordsMax, end - offset) };
    const records = offset < end && offset >= 0 ? this.store.read(partition, offset, known) : [];
    if (records[0]?.offset === offset) return records;
    throw this.outOfRange(partition, offset);
  }

  /** In commits of their own, beside the appends. */
  async trim(partition: number, start: number): Promise<void> {
    const { end } = this.bounds(partition);
    if (!Number.isInteger(start) || start > end) throw this.outOfRange(partition, start);
    let forgotten: number;
    do {
      if (this.unusable !== null) throw this.unusable;
      if (this.closing !== null) throw new EventLogError("CLOSED", `topic ${this.name} is closed`);
      const forgetting = this.forget(partition, start);
      this.forgetting = forgetting;
      forgotten = await forgetting;
    } while (forgotten === FORGOTTEN_AT_ONCE);
  }

  /** @returns how many are forgotten now. */
  private async forget(partition: number, start: number): Promise<number> {
    const { count, committed } = this.store.remove(partition, start, FORGOTTEN_AT_ONCE);
    try {
      await this.inTime(committed);
      return count;
    } catch (cause) {
      throw await commitFailure(this.name, cause);
    }
  }

  /** Resolves when there is a record at `offset`, when the time has passed, or when the signal is aborted. */
  async waitBeyond(partition: number, offset: number, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.ends[partition]! > offset || signal.aborted) return;
    const grown = new AbortController();
    const wake = () => grown.abort();
    const waiting: Waiting = { partition, offset, wake };
    this.waiting.add(waiting);
    signal.addEventListener("abort", wake, { once: true });
    this.poll?.keepLooking();
    try {
      await this.clock.sleep(waitMs, grown.signal);
    } finally {
      signal.removeEventListener("abort", wake);
      this.waiting.delete(waiting);
      if (this.waiting.size === 0) this.poll?.rest();
    }
  }

  /** Appends under way are waited for. */
  close(): Promise<void> {
    this.closing ??= this.closeStore();
    return this.closing;
  }

  private async closeStore(): Promise<void> {
    for (const { wake } of this.waiting) wake();
    await this.poll?.stop();
    await this.committing;
    await this.forgetting.catch(() => {}); // whoever trims is told
    // An environment whose commit hangs cannot be closed; the process is told to restart.
    if (this.unusable === null) await this.store.close();
  }

  private async commitPending(): Promise<void> {
    while (this.pending.length > 0) {
      const group = this.pending;
      this.pending = [];
      await this.commit(group);
    }
    this.committing = null;
  }

  private async commit(group: readonly PendingAppend[]): Promise<void> {
    const ends = [...this.ends];
    for (const { partition, firstOffset, envelopes } of group)
      ends[partition] = firstOffset + envelopes.length;
    try {
      if (this.unusable !== null) throw this.unusable;
      await this.inTime(this.store.write(group, ends));
    } catch (cause) {
      const error = await commitFailure(this.name, cause);
      for (const { reject } of group) reject(error);
      return;
    }
    this.growTo(ends);
    for (const { firstOffset, appendedAtMs, resolve } of group) resolve({ firstOffset, appendedAtMs });
  }

  private lookForGrowth(): boolean {
    return this.isReadOnly && this.growTo(this.store.readEnds());
  }

  private growTo(ends: readonly number[]): boolean {
    const isGrown = ends.some((end, partition) => end > this.ends[partition]!);
    this.ends = ends;
    if (isGrown)
      for (const { partition, offset, wake } of this.waiting) if (ends[partition]! > offset) wake();
    return isGrown;
  }

  private outOfRange(partition: number, offset: number): EventLogError {
    const { start, end } = this.bounds(partition);
    return new EventLogError(
      "OFFSET_OUT_OF_RANGE",
      `${this.name}/${partition}: offset ${offset} is not between ${start} and ${end}; a reader that stood there has lost records`,
    );
  }

  private async inTime(work: Promise<void>): Promise<void> {
    const done = new AbortController();
    const late = this.clock.sleep(COMMIT_MS_MAX, done.signal).then(() => {
      if (!done.signal.aborted) throw this.giveUp();
    });
    try {
      await Promise.race([work, late]);
    } finally {
      done.abort();
    }
  }

  private giveUp(): EventLogError {
    this.unusable = new EventLogError(
      "FAILED",
      `topic ${this.name}: the disk has not answered for ${COMMIT_MS_MAX / 1000} s, what became of the last append is unknown; restart the process`,
    );
    return this.unusable;
  }
}
