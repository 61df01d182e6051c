/**
 * Writes lines into the raw topics as a network does: keyed by person, in order, again until acknowledged.
 *
 * 1. One append per partition is under way; what comes meanwhile goes together with the next.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { FeedLine } from "../../bench/load/feeder.js";
import {
  type EventLog,
  EventLogError,
  type LogEntry,
  type LogProducer,
} from "../../platform/event-log/event-log.js";
import { murmur2PartitionOf } from "../../schemas/murmur2.js";

const TOPICS = {
  swipe: "kadun.swipes.raw",
  "card-status": "kadun.card-status.raw",
  "person-fact": "kadun.person-facts.raw",
} as const satisfies Record<FeedLine["type"], string>;
const NO_HEADER = new Uint8Array(0);
const AGAIN_MS = 100;

export class RawSender {
  private readonly lanes = new Map<string, { waiting: LogEntry[]; running: Promise<void> | null }>();

  private constructor(
    private readonly producers: ReadonlyMap<FeedLine["type"], LogProducer>,
    private readonly partitions: number,
  ) {}

  static async open(log: EventLog): Promise<RawSender> {
    const producers = new Map<FeedLine["type"], LogProducer>();
    for (const type of ["swipe", "card-status", "person-fact"] as const)
      producers.set(type, await log.producer(TOPICS[type]));
    return new RawSender(producers, await log.partitionCount(TOPICS.swipe));
  }

  push({ type, personId, json }: FeedLine): void {
    const partition = murmur2PartitionOf(personId, this.partitions);
    const key = `${type} ${partition}`;
    const lane = this.lanes.get(key) ?? { waiting: [], running: null };
    this.lanes.set(key, lane);
    lane.waiting.push({ key: personId, value: Buffer.from(json), header: NO_HEADER });
    lane.running ??= this.run(this.producers.get(type)!, partition, lane);
    // `drain` is told.
    lane.running.catch(() => {});
  }

  /** Resolves when everything is acknowledged. */
  async drain(): Promise<void> {
    await Promise.all([...this.lanes.values()].map(({ running }) => running));
  }

  private async run(
    producer: LogProducer,
    partition: number,
    lane: { waiting: LogEntry[]; running: Promise<void> | null },
  ): Promise<void> {
    while (lane.waiting.length > 0) {
      const entries = lane.waiting;
      lane.waiting = [];
      await appendUntilTaken(producer, partition, entries);
    }
    lane.running = null;
  }
}

async function appendUntilTaken(producer: LogProducer, partition: number, entries: readonly LogEntry[]) {
  for (;;) {
    try {
      await producer.append(partition, entries);
      return;
    } catch (error) {
      if (!(error instanceof EventLogError && error.retryable)) throw error;
      await wait(AGAIN_MS);
    }
  }
}
