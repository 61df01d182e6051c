/** Answers go on after their producer has become useless; what could not be sent is counted. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Clock } from "../../platform/clock/clock.js";
import { type EventLog, EventLogError, type LogProducer } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import { encodeAddress, INSTANCE_BYTES } from "../../schemas/answer-address.js";
import { Topic } from "../../schemas/topics.js";
import { AnswerSender } from "../../services/detector/answer-sender.js";

const PARTITIONS = 2;
const CORRUPT = new EventLogError("CORRUPT", "acknowledged records are gone");

/** Sleeps of the sender, which end when the test says so. */
class Pauses implements Clock {
  readonly asked: number[] = [];
  private readonly wakers: (() => void)[] = [];
  private told: () => void = () => {};

  now(): number {
    return 0;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.asked.push(ms);
    return new Promise((resolve) => {
      this.wakers.push(resolve);
      signal?.addEventListener("abort", () => resolve(), { once: true });
      this.told();
    });
  }

  /** Ends the next pause, which may not have begun. */
  async end(): Promise<void> {
    while (this.wakers.length === 0)
      await new Promise<void>((resolve) => {
        this.told = resolve;
      });
    this.wakers.shift()!();
  }
}

class World {
  readonly pauses = new Pauses();
  readonly metrics = new PrometheusMetrics();
  readonly logs = new MemoryLogWorld({ [Topic.ANSWERS]: PARTITIONS });
  readonly log: EventLog = new MemoryEventLog(this.logs);
  /** Partitions whose lanes are useless: until a new producer, or for good. */
  readonly useless = new Set<number>();
  readonly uselessForGood = new Set<number>();
  readonly openFailures: Error[] = [];
  /** Of the next appends. */
  readonly refusals: Error[] = [];
  opened = 0;
  readonly open = new Set<LogProducer>();
  sender!: AnswerSender;

  async start(): Promise<void> {
    this.sender = await AnswerSender.open({
      openProducer: () => this.openProducer(),
      partitionCount: PARTITIONS,
      clock: this.pauses,
      logger: silentLogger,
      metrics: this.metrics,
    });
  }

  /** Sends an answer to a call that waits at this partition; resolves when it was appended or dropped. */
  async send(partition: number): Promise<void> {
    const header = encodeAddress({ partition, instance: new Uint8Array(INSTANCE_BYTES), call: 1 });
    const { sender } = this;
    sender.send({ partition: 0, journalOffset: 1, header, outcomes: [], isBootstrapped: true });
    await new Promise(setImmediate);
  }

  async held(): Promise<readonly number[]> {
    const bounds = [0, 1].map((partition) => this.log.bounds(Topic.ANSWERS, partition));
    return (await Promise.all(bounds)).map(({ end }) => end);
  }

  async dropped(): Promise<number> {
    const line = /^kadun_detector_answers_dropped_total{reason="append"} (\d+)$/m;
    return Number(line.exec(await this.metrics.text())?.[1] ?? 0);
  }

  private async openProducer(): Promise<LogProducer> {
    const failure = this.openFailures.shift();
    if (failure !== undefined) throw failure;
    const producer = await this.log.producer(Topic.ANSWERS);
    this.opened++;
    this.open.add(producer);
    this.useless.clear();
    return {
      append: async (partition, entries) => {
        const refusal = this.refusals.shift();
        if (refusal !== undefined) throw refusal;
        if (this.useless.has(partition) || this.uselessForGood.has(partition)) throw CORRUPT;
        return producer.append(partition, entries);
      },
      flush: () => producer.flush(),
      close: async () => {
        this.open.delete(producer);
        await producer.close();
      },
    };
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(async () => {
  await world.sender.close();
  expect(world.open.size).toBe(0);
});

describe("a lane of answers that takes nothing more", () => {
  test("is begun anew after a pause; what was dropped until then is counted", async () => {
    world.useless.add(1);
    await world.send(1);
    await world.send(1);
    expect([await world.held(), await world.dropped()]).toEqual([[0, 0], 2]);
    await world.pauses.end();
    await new Promise(setImmediate);
    await world.send(1);
    expect([await world.held(), await world.dropped()]).toEqual([[0, 1], 2]);
    expect(world.opened).toBe(2);
  });

  test("leaves the other lanes as they are", async () => {
    world.useless.add(1);
    await world.send(1);
    await world.send(0);
    await world.pauses.end();
    await world.send(0);
    expect([await world.held(), await world.dropped()]).toEqual([[2, 0], 1]);
  });

  test("is tried the later the more often it failed, and soon again once it has worked", async () => {
    world.uselessForGood.add(1);
    for (let round = 0; round < 7; round++) {
      await world.send(1);
      await world.send(0); // a lane that works shortens no pause
      await world.pauses.end();
      await new Promise(setImmediate);
    }
    expect(world.pauses.asked).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    world.uselessForGood.clear();
    await world.send(1);
    world.useless.add(0);
    await world.send(0);
    expect(world.pauses.asked.at(-1)).toBe(1_000);
  });

  test("waits for a log that opens no producer, and goes on with the next one that it opens", async () => {
    world.openFailures.push(new EventLogError("UNREACHABLE", "away", { retryable: true }));
    world.useless.add(1);
    await world.send(1);
    await world.pauses.end();
    await new Promise(setImmediate);
    await world.send(0);
    expect([await world.held(), await world.dropped()]).toEqual([[0, 0], 2]);
    await world.pauses.end();
    await new Promise(setImmediate);
    await world.send(0);
    await world.send(1);
    expect([await world.held(), await world.dropped()]).toEqual([[1, 1], 2]);
  });

  test("holds up no end", async () => {
    world.useless.add(1);
    await world.send(1);
    await world.sender.close();
    expect(world.opened).toBe(1);
  });
});

test.each([
  new EventLogError("UNREACHABLE", "no leader", { retryable: true }),
  new EventLogError("VALUE_TOO_LARGE", "an answer of 2 MB"),
])("$code makes no new producer: the next answer goes by the same", async (error) => {
  world.refusals.push(error);
  await world.send(1);
  await world.send(1);
  expect([await world.held(), await world.dropped(), world.opened]).toEqual([[0, 1], 1, 1]);
  expect(world.pauses.asked).toEqual([]);
});
