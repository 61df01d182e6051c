/**
 * The event log on LMDB: one process writes, others read (platform/event-log/event-log.ts has the contract).
 *
 * Owns: the topics it was opened with, their producers and readers, closing them.
 * Does not own: keeping a second process from writing (the lock of the whole data directory does).
 *
 * 1. Each topic is an environment of its own: a commit of one never waits for the disk of another.
 * 2. Values and headers handed out belong to the caller.
 */

import { join } from "node:path";
import type { Clock } from "../../clock/clock.js";
import {
  type EventLog,
  EventLogError,
  type LoggedRecord,
  type LogProducer,
  type LogReader,
  type TopicBounds,
} from "../event-log.js";
import { LmdbProducer } from "./lmdb-producer.js";
import { LmdbReader } from "./lmdb-reader.js";
import { LmdbTopic } from "./lmdb-topic.js";
import type { Durability } from "./topic-store.js";

export interface LmdbTopicOptions {
  /** Fixed when the directory is made. */
  readonly partitions: number;
  readonly durability: Durability;
}

export interface LmdbEventLogOptions {
  /** Directory of the topics; each gets one of its own beneath. */
  readonly path: string;
  readonly topics: Readonly<Record<string, LmdbTopicOptions>>;
  /** For a process beside the one that writes. Opening fails (retryable) until that one has made the directory. */
  readonly readOnly?: boolean;
  readonly clock: Clock;
}

/** Reading the last record whatever its size. */
const ONE_RECORD = { recordsMax: 1, bytesMax: Number.POSITIVE_INFINITY, waitMs: 0 };

/** @throws EventLogError CORRUPT, LOCKED, FAILED. */
export async function openLmdbEventLog(options: LmdbEventLogOptions): Promise<EventLog> {
  const topics = new Map<string, LmdbTopic>();
  try {
    for (const [topic, { partitions, durability }] of Object.entries(options.topics)) {
      const { readOnly = false } = options;
      const store = { topic, directory: join(options.path, topic), partitions, durability, readOnly };
      topics.set(topic, new LmdbTopic(store, options.clock));
    }
  } catch (error) {
    await closeAll(topics.values());
    throw error;
  }
  return new LmdbEventLog(topics, options.clock);
}

class LmdbEventLog implements EventLog {
  private readonly opened = new Set<LogProducer | LogReader>();
  private readonly producing = new Set<string>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly topics: ReadonlyMap<string, LmdbTopic>,
    private readonly clock: Clock,
  ) {}

  async partitionCount(topic: string): Promise<number> {
    return this.topicOf(topic).partitions;
  }

  async producer(topic: string): Promise<LogProducer> {
    const target = this.topicOf(topic);
    if (target.isReadOnly)
      throw new EventLogError(
        "FAILED",
        `topic ${topic} was opened for reading; append in the process that writes`,
      );
    if (this.producing.has(topic))
      throw new EventLogError("LOCKED", `topic ${topic} has a producer; share it, or close it first`);
    this.producing.add(topic);
    const producer = new LmdbProducer(target, this.clock, () => {
      this.producing.delete(topic);
      this.opened.delete(producer);
    });
    this.opened.add(producer);
    return producer;
  }

  async reader(topic: string, partition: number, fromOffset: number): Promise<LogReader> {
    const source = this.topicOf(topic);
    source.checkPartition(partition);
    const reader = new LmdbReader(source, partition, fromOffset, () => this.opened.delete(reader));
    this.opened.add(reader);
    return reader;
  }

  async bounds(topic: string, partition: number): Promise<TopicBounds> {
    const source = this.topicOf(topic);
    source.checkPartition(partition);
    return source.bounds(partition);
  }

  async tail(topic: string, partition: number): Promise<LoggedRecord | null> {
    const { start, end } = await this.bounds(topic, partition);
    return start === end ? null : this.topicOf(topic).read(partition, end - 1, ONE_RECORD)[0]!;
  }

  async trim(topic: string, partition: number, start: number): Promise<void> {
    const target = this.topicOf(topic);
    if (target.isReadOnly)
      throw new EventLogError(
        "FAILED",
        `topic ${topic} was opened for reading; trim it in the process that writes`,
      );
    target.checkPartition(partition);
    await target.trim(partition, start);
  }

  async close(): Promise<void> {
    this.closing ??= this.closeOpened();
    await this.closing;
  }

  private async closeOpened(): Promise<void> {
    await Promise.all([...this.opened].map((each) => each.close()));
    await closeAll(this.topics.values());
  }

  private topicOf(topic: string): LmdbTopic {
    if (this.closing !== null) throw new EventLogError("CLOSED", "the event log is closed");
    const found = this.topics.get(topic);
    if (found !== undefined) return found;
    throw new EventLogError(
      "TOPIC_UNKNOWN",
      `topic ${topic} is unknown; known: ${[...this.topics.keys()].join(", ")}`,
    );
  }
}

async function closeAll(topics: Iterable<LmdbTopic>): Promise<void> {
  await Promise.all([...topics].map((topic) => topic.close()));
}
