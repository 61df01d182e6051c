/**
 * What survives the end of a process: the records of all topics, in memory.
 *
 * Owns: records, offsets, time stamps, the count of bytes, who wants to hear of appends.
 * Does not own: processes. Each has a `MemoryEventLog` of its own on the same world.
 *
 * 1. `append` happens at once and whole; whatever makes it late, partial or unheard of is the producer's.
 * 2. The bytes of an append are taken over, not copied: the producer copied them. Nothing changes them afterwards.
 */

import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import {
  type AppendResult,
  EventLogError,
  type LogEntry,
  type LoggedRecord,
  type ReadLimits,
  type TopicBounds,
} from "../event-log.js";

export interface MemoryLogOptions {
  /** Stamps records. */
  readonly clock?: Clock;
  /** Bytes of values and headers the world holds before appends fail with DISK_FULL. */
  readonly bytesMax?: number;
}

interface MemoryPartition {
  /** Offset of `records[0]`. */
  start: number;
  records: LoggedRecord[];
  readonly listeners: Set<() => void>;
}

export class MemoryLogWorld {
  private readonly topics = new Map<string, readonly MemoryPartition[]>();
  private readonly clock: Clock;
  private readonly bytesMax: number;
  private bytesHeld = 0;

  /** @param topics partition count by name; others are unknown. */
  constructor(topics: Readonly<Record<string, number>>, options: MemoryLogOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.bytesMax = options.bytesMax ?? Number.POSITIVE_INFINITY;
    for (const [topic, count] of Object.entries(topics)) this.topics.set(topic, emptyPartitions(count));
  }

  partitionCount(topic: string): number {
    return this.partitionsOf(topic).length;
  }

  append(topic: string, partition: number, entries: readonly LogEntry[]): AppendResult {
    const held = this.partitionOf(topic, partition);
    this.takeSpace(topic, partition, entries);
    const firstOffset = endOf(held);
    const appendedAtMs = this.clock.now();
    for (const { key, value, header } of entries)
      held.records.push({
        key,
        value,
        header,
        offset: endOf(held),
        appendedAtMs,
      });
    for (const listener of [...held.listeners]) listener();
    return { firstOffset, appendedAtMs };
  }

  /** Records from `offset` on, as many as the limits allow. @throws EventLogError OFFSET_OUT_OF_RANGE. */
  read(topic: string, partition: number, offset: number, limits: ReadLimits): readonly LoggedRecord[] {
    const held = this.partitionOf(topic, partition);
    checkOffset(topic, partition, offset, { start: held.start, end: endOf(held) });
    const records: LoggedRecord[] = [];
    let bytes = 0;
    for (let index = offset - held.start; index < held.records.length; index++) {
      const record = held.records[index]!;
      bytes += bytesOf(record);
      if (records.length >= Math.max(1, limits.recordsMax)) break;
      if (records.length > 0 && bytes > limits.bytesMax) break;
      records.push(record);
    }
    return records;
  }

  bounds(topic: string, partition: number): TopicBounds {
    const held = this.partitionOf(topic, partition);
    return { start: held.start, end: endOf(held) };
  }

  tail(topic: string, partition: number): LoggedRecord | null {
    return this.partitionOf(topic, partition).records.at(-1) ?? null;
  }

  /** All records still kept. */
  records(topic: string, partition: number): readonly LoggedRecord[] {
    return this.partitionOf(topic, partition).records;
  }

  /** Forgets the records before `start`, as retention does. */
  trim(topic: string, partition: number, start: number): void {
    const held = this.partitionOf(topic, partition);
    checkOffset(topic, partition, start, { start: held.start, end: endOf(held) });
    const forgotten = held.records.slice(0, start - held.start);
    held.records = held.records.slice(start - held.start);
    held.start = start;
    this.bytesHeld -= sum(forgotten.map(bytesOf));
  }

  /** Calls `listener` after each append until the returned function is called. */
  listen(topic: string, partition: number, listener: () => void): () => void {
    const { listeners } = this.partitionOf(topic, partition);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  private takeSpace(topic: string, partition: number, entries: readonly LogEntry[]): void {
    const bytes = sum(entries.map(bytesOf));
    if (this.bytesHeld + bytes > this.bytesMax)
      throw new EventLogError(
        "DISK_FULL",
        `${topic}/${partition}: no room for ${bytes} bytes (${this.bytesHeld} of ${this.bytesMax} are used); give the log more memory`,
        { retryable: true },
      );
    this.bytesHeld += bytes;
  }

  private partitionOf(topic: string, partition: number): MemoryPartition {
    const partitions = this.partitionsOf(topic);
    const held = partitions[partition];
    if (held === undefined)
      throw new EventLogError(
        "TOPIC_UNKNOWN",
        `${topic}/${partition}: the topic has partitions 0 to ${partitions.length - 1}`,
      );
    return held;
  }

  private partitionsOf(topic: string): readonly MemoryPartition[] {
    const partitions = this.topics.get(topic);
    if (partitions !== undefined) return partitions;
    throw new EventLogError(
      "TOPIC_UNKNOWN",
      `topic ${topic} is unknown; known: ${[...this.topics.keys()].join(", ")}`,
    );
  }
}

function emptyPartitions(count: number): readonly MemoryPartition[] {
  return Array.from({ length: count }, () => ({ start: 0, records: [], listeners: new Set() }));
}

function endOf({ start, records }: MemoryPartition): number {
  return start + records.length;
}

function bytesOf({ value, header }: LogEntry): number {
  return value.length + header.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function checkOffset(topic: string, partition: number, offset: number, { start, end }: TopicBounds): void {
  if (Number.isInteger(offset) && offset >= start && offset <= end) return;
  throw new EventLogError(
    "OFFSET_OUT_OF_RANGE",
    `${topic}/${partition}: offset ${offset} is not between ${start} and ${end}; a reader that stood there has lost records`,
  );
}
