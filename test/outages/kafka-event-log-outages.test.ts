/** Readers while the servers they read from are killed, stopped, paused and brought back. */

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LoggedRecord, LogReader } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { type KafkaEventLogOptions, kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { numberedEntries, strangers } from "../contract/numbered-entry.js";
import { makeTopics, optionsOf } from "../int/kafka-event-log-under-test.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";

const TOPIC = "outages";
const PARTITIONS = 6;
const SHORT = { recordsMax: 500, bytesMax: 1 << 20, waitMs: 100 };
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function started(nodes: 1 | 3): Promise<KafkaServers> {
  const servers = await startKafka({ nodes });
  opened.push(servers);
  return servers;
}

async function openedLog(bootstrap: string, options: Partial<KafkaEventLogOptions> = {}): Promise<EventLog> {
  const cluster = await KafkaCluster.open({ ...optionsOf(bootstrap), requestTimeoutMs: 3000 });
  const replicationFactor = cluster.nodeIds.length;
  const configs = { "min.insync.replicas": replicationFactor === 1 ? "1" : "2" };
  await makeTopics(cluster, [{ topic: TOPIC, partitions: PARTITIONS, replicationFactor, configs }]);
  const log = kafkaEventLog(cluster, { clock: systemClock, logger: silentLogger, ...options });
  opened.push(cluster, log);
  return log;
}

/** Reads each partition until it has so many records; nothing in between is an error. */
class Following {
  readonly records: LoggedRecord[][] = [];
  private readonly readers: LogReader[] = [];

  async begin(log: EventLog): Promise<void> {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      this.readers.push(await log.reader(TOPIC, partition, 0));
      this.records.push([]);
    }
  }

  async until(count: number): Promise<void> {
    await Promise.all(this.readers.map((reader, partition) => this.follow(reader, partition, count)));
  }

  private async follow(reader: LogReader, partition: number, count: number): Promise<void> {
    while (reader.position < count) this.records[partition]!.push(...(await reader.read(SHORT)));
  }
}

/** Appends batches of ten to all partitions while `disturb` runs, and some after it. @returns records of each. */
async function writeWhile(log: EventLog, disturb: () => Promise<void>): Promise<number> {
  const producer = await log.producer(TOPIC);
  let isDisturbed = true;
  const disturbing = disturb().finally(() => {
    isDisturbed = false;
  });
  let end = 0;
  for (let after = 0; after < 20; after += isDisturbed ? 0 : 1) {
    const entries = numberedEntries(end, 10);
    await Promise.all(
      Array.from({ length: PARTITIONS }, (_, partition) => producer.append(partition, entries)),
    );
    end += 10;
    await sleep(10);
  }
  await disturbing;
  return end;
}

async function expectAllRead(log: EventLog, disturb: () => Promise<void>): Promise<void> {
  const following = new Following();
  await following.begin(log);
  const writing = writeWhile(log, disturb);
  const [end] = await Promise.all([writing, following.until(200)]);
  await following.until(end);
  for (const records of following.records) {
    expect(records).toHaveLength(end);
    expect(strangers(records, 0)).toEqual([]);
  }
}

test("a broker killed and started again: readers go on, nothing is lost or doubled", async () => {
  const servers = await started(1);
  await expectAllRead(await openedLog(servers.bootstrap), async () => {
    await sleep(500);
    await servers.nodes[0]!.kill();
    await sleep(500);
    await servers.nodes[0]!.start();
  });
}, 120_000);

test("a leader killed in a cluster of three: its partitions are read from the next, nothing is lost or doubled", async () => {
  const servers = await started(3);
  await expectAllRead(await openedLog(servers.bootstrap), async () => {
    await sleep(500);
    await servers.nodes[1]!.kill();
    await sleep(4000);
    await servers.nodes[1]!.start();
  });
}, 180_000);

test("a broker away for longer than allowed refuses reads (retryable), and is read again when it is back", async () => {
  const servers = await started(1);
  const log = await openedLog(servers.bootstrap, { outageMsMax: 1500 });
  const producer = await log.producer(TOPIC);
  await producer.append(0, numberedEntries(0, 10));
  const reader = await log.reader(TOPIC, 0, 0);
  await servers.nodes[0]!.kill();
  const read: LoggedRecord[] = [];
  const refusal = await firstRefusal(reader, read);
  expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: true });
  await expect(reader.read({ ...SHORT, waitMs: 0 })).rejects.toMatchObject({ code: "UNREACHABLE" });
  await servers.nodes[0]!.start();
  while (reader.position < 10) read.push(...(await readUnlessAway(reader)));
  expect(strangers(read, 0)).toEqual([]);
}, 120_000);

test("a broker that is paused holds up reads; afterwards they go on", async () => {
  const servers = await started(1);
  await expectAllRead(await openedLog(servers.bootstrap), async () => {
    await sleep(500);
    await servers.nodes[0]!.pause();
    await sleep(4000);
    servers.nodes[0]!.resume();
  });
}, 120_000);

async function firstRefusal(reader: LogReader, read: LoggedRecord[]): Promise<unknown> {
  for (;;) {
    try {
      read.push(...(await reader.read(SHORT)));
    } catch (error) {
      return error;
    }
  }
}

async function readUnlessAway(reader: LogReader): Promise<readonly LoggedRecord[]> {
  try {
    return await reader.read(SHORT);
  } catch (error) {
    expect(error).toMatchObject({ code: "UNREACHABLE" });
    return [];
  }
}
