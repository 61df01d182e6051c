/** What a reader makes of answers that no healthy server gives, and of servers that do not answer. */

import { setTimeout as turn } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { isLoaded } from "../../../../platform/event-log/kafka/compression.js";
import { Fetcher } from "../../../../platform/event-log/kafka/fetcher.js";
import { KafkaWireError } from "../../../../platform/event-log/kafka/kafka-errors.js";
import { KafkaReader } from "../../../../platform/event-log/kafka/kafka-reader.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { silentLogger } from "../../../../platform/logger/logger.js";
import { strangers } from "../../../contract/numbered-entry.js";
import { batchOf, damaged, gzipped, moved, type Respond, ScriptedCluster } from "./scripted-node.js";

const TOPIC = "t";
const AT_ONCE = { recordsMax: 10_000, bytesMax: 100_000_000, waitMs: 0 };
const PATIENT = { ...AT_ONCE, waitMs: 5000 };
const NOT_LEADER = 6;
const OUT_OF_RANGE = 1;
const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function fetcherOf(cluster: ScriptedCluster, outageMsMax = 60_000): Fetcher {
  const fetcher = new Fetcher({ cluster, logger: silentLogger, outageMsMax });
  open.push(() => fetcher.close());
  return fetcher;
}

function readerOf(fetcher: Fetcher, fromOffset = 0, partition = 0): KafkaReader {
  const reader = new KafkaReader(fetcher.open(TOPIC, partition, fromOffset), fromOffset, () => {});
  open.push(() => reader.close());
  return reader;
}

/** Batches of ten from 0 to `end`, as a server gives them: from the one that holds the offset on. */
function logOf(
  end: number,
  change: (batch: Buffer, baseOffset: number) => Buffer = (batch) => batch,
): Respond {
  return ({ offset }) => {
    if (offset < 0 || offset > end) return { errorCode: OUT_OF_RANGE };
    const bases = Array.from({ length: end / 10 }, (_, index) => index * 10).filter(
      (base) => base + 10 > offset,
    );
    return { records: Buffer.concat(bases.map((base) => change(batchOf(base, 10), base))) };
  };
}

test("records come once and in order, beginning in the middle of a batch", async () => {
  const reader = readerOf(fetcherOf(new ScriptedCluster(logOf(50))), 17);
  const records = [];
  for (;;) {
    const read = await reader.read({ ...AT_ONCE, recordsMax: 4 });
    if (read.length === 0) break;
    records.push(...read);
  }
  expect(strangers(records, 17)).toEqual([]);
  expect(reader.position).toBe(50);
});

test("a codec is loaded when the first batch needs it: by every reader, and in the middle", async () => {
  expect(isLoaded("gzip")).toBe(false);
  const log = logOf(40, (batch, base) => (base === 10 || base === 30 ? gzipped(batch) : batch));
  const readers = [0, 10, 25].map((from) => readerOf(fetcherOf(new ScriptedCluster(log)), from));
  const all = await Promise.all(
    readers.map(async (reader) => {
      const records = [];
      while (reader.position < 40) records.push(...(await reader.read(PATIENT)));
      return records;
    }),
  );
  expect(all.map((records, at) => strangers(records, [0, 10, 25][at]!))).toEqual([[], [], []]);
  expect(all.map(({ length }) => length)).toEqual([40, 30, 15]);
  expect(isLoaded("gzip")).toBe(true);
});

test("a damaged batch refuses the read, the position stays, and the next read fetches it again", async () => {
  let isDamaged = true;
  const cluster = new ScriptedCluster((asked, fetch) =>
    logOf(30, (batch, base) => (isDamaged && base === 10 ? damaged(batch) : batch))(asked, fetch),
  );
  const reader = readerOf(fetcherOf(cluster));
  expect(strangers(await reader.read(PATIENT), 0)).toEqual([]);
  await expect(reader.read(PATIENT)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringMatching(/^t\/0, batch at offset 10 /),
  });
  expect(reader.position).toBe(10);
  isDamaged = false;
  const rest = [];
  while (reader.position < 30) rest.push(...(await reader.read(PATIENT)));
  expect(strangers(rest, 10)).toEqual([]);
});

test("a first offset changed on the way, which no checksum covers, loses and doubles nothing", async () => {
  const changes = [10, 30].flatMap((right) => [0, 9, 11, 29, 31, 2 ** 40].map((wrong) => ({ right, wrong })));
  for (const { right, wrong } of changes) {
    let tampered = 0;
    const cluster = new ScriptedCluster((asked, fetch) =>
      logOf(40, (batch, base) => (base === right && tampered++ === 0 ? moved(batch, wrong) : batch))(
        asked,
        fetch,
      ),
    );
    const reader = readerOf(fetcherOf(cluster));
    const records = [];
    while (reader.position < 40) {
      try {
        records.push(...(await reader.read(AT_ONCE)));
      } catch (error) {
        expect(error).toMatchObject({ code: "CORRUPT" });
      }
    }
    expect(strangers(records, 0)).toEqual([]);
    expect(records).toHaveLength(40);
  }
});

test("a gap that the server shows again is one: compaction has taken the records", async () => {
  const respond: Respond = ({ offset }) => ({
    records: Buffer.concat([batchOf(0, 10), batchOf(25, 5)].slice(offset < 10 ? 0 : 1, offset < 30 ? 2 : 0)),
  });
  const reader = readerOf(fetcherOf(new ScriptedCluster(respond)));
  const offsets: number[] = [];
  while (reader.position < 30) offsets.push(...(await reader.read(AT_ONCE)).map(({ offset }) => offset));
  expect(offsets).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 25, 26, 27, 28, 29]);
});

test("an answer without one whole batch is CORRUPT, not the end of the log", async () => {
  const reader = readerOf(
    fetcherOf(new ScriptedCluster(() => ({ records: batchOf(0, 10).subarray(0, 300) }))),
  );
  await expect(reader.read(AT_ONCE)).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining("300 bytes without a batch"),
  });
});

test("an answer that had no room for a partition's records is not its end", async () => {
  let leftOut = 0;
  const cluster = new ScriptedCluster((asked, fetch) => {
    if (asked.partition === 1) return asked.offset === 0 ? { records: batchOf(0, 6, 900_000) } : null;
    const isRoom = fetch.partitions.every(({ partition, offset }) => partition === 0 || offset > 0);
    if (isRoom) return { ...logOf(10)(asked, fetch), highWatermark: 10 };
    leftOut++;
    return { highWatermark: 10 };
  });
  const fetcher = fetcherOf(cluster);
  const readers = [readerOf(fetcher, 0, 0), readerOf(fetcher, 0, 1)];
  const [left] = await Promise.all(readers.map((reader) => reader.read(AT_ONCE)));
  expect(left).toHaveLength(10);
  expect(leftOut).toBeGreaterThan(0);
});

test("readers of one partition at different offsets all get their records", async () => {
  const fetcher = fetcherOf(new ScriptedCluster(logOf(60)));
  const offsets = [0, 0, 15, 33, 59];
  const readers = offsets.map((offset) => readerOf(fetcher, offset));
  for (const [index, reader] of readers.entries()) {
    const records = [];
    while (reader.position < 60) records.push(...(await reader.read(PATIENT)));
    expect(strangers(records, offsets[index]!)).toEqual([]);
  }
});

test("all readers of a node share a request, and idle they cost four a second", async () => {
  const cluster = new ScriptedCluster(() => null);
  const fetcher = fetcherOf(cluster);
  const readers = Array.from({ length: 24 }, (_, partition) => readerOf(fetcher, 0, partition));
  await Promise.all(readers.map((reader) => reader.read({ ...AT_ONCE, waitMs: 1050 })));
  expect(cluster.fetches.length).toBeLessThanOrEqual(6);
  expect(cluster.fetches.every(({ partitions }) => partitions.length === 24)).toBe(true);
});

test("a new reader does not wait for the request that is under way for others", async () => {
  const cluster = new ScriptedCluster((asked, fetch) =>
    asked.partition === 1 ? logOf(10)(asked, fetch) : null,
  );
  const fetcher = fetcherOf(cluster);
  const idle = readerOf(fetcher, 0, 0);
  const waiting = idle.read({ ...AT_ONCE, waitMs: 100 });
  await turnUntil(() => cluster.fetches.length === 1);
  expect(await readerOf(fetcher, 0, 1).read(PATIENT)).toHaveLength(10);
  // Behind the answer to the first it would have been the same lane's next one.
  expect(cluster.fetches.map(({ lane }) => lane).slice(0, 2)).toEqual(["fetch", "fetch-now"]);
  await waiting;
});

test("a reader that is not read is fetched for until its share is full, and no further", async () => {
  const bytes = 50_000;
  const cluster = new ScriptedCluster(({ offset }) => ({
    records: Buffer.concat(Array.from({ length: 10 }, (_, index) => batchOf(offset + index, 1, bytes))),
  }));
  const feed = fetcherOf(cluster).open(TOPIC, 0, 0);
  open.push(() => feed.close());
  await turnUntil(() => !feed.hasRoom);
  const fetches = cluster.fetches.length;
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(cluster.fetches.length).toBe(fetches);
  expect(feed.queue.bufferedBytes).toBeLessThan(2 << 20);
});

test("a partition whose leader moved is read from the new one, and a read that may wait does not notice", async () => {
  const cluster = new ScriptedCluster((asked, fetch) =>
    fetch.nodeId === 1 ? { errorCode: NOT_LEADER } : logOf(20)(asked, fetch),
  );
  const reader = readerOf(fetcherOf(cluster));
  const reading = reader.read(PATIENT);
  await turnUntil(() => cluster.refreshes > 0);
  cluster.leader = 2;
  expect(strangers(await reading, 0)).toEqual([]);
});

test("in an outage a read that may wait returns nothing; one that may not is refused, for nothing would mean the end", async () => {
  const cluster = new ScriptedCluster(() => {
    throw new KafkaWireError("unreachable", "127.0.0.1:1: connection refused");
  });
  const reader = readerOf(fetcherOf(cluster, 300));
  expect(await reader.read({ ...AT_ONCE, waitMs: 60 })).toEqual([]);
  await expect(reader.read(AT_ONCE)).rejects.toMatchObject({
    code: "UNREACHABLE",
    retryable: true,
    message: expect.stringMatching(/^t\/0 cannot be read: .*connection refused; it is being tried again$/),
  });
});

test("after a long outage a waiting read is refused, and reading goes on when the server is back", async () => {
  let isAway = true;
  const cluster = new ScriptedCluster((asked, fetch) => {
    if (isAway) throw new KafkaWireError("closed", "the connection ended");
    return logOf(10)(asked, fetch);
  });
  const reader = readerOf(fetcherOf(cluster, 200));
  await expect(reader.read(PATIENT)).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
  isAway = false;
  expect(strangers(await reader.read(PATIENT), 0)).toEqual([]);
});

test("a refusal of rights is told to the read, not tried in silence", async () => {
  const reader = readerOf(fetcherOf(new ScriptedCluster(() => ({ errorCode: 29 }))));
  await expect(reader.read(PATIENT)).rejects.toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
});

test("a position behind the end is refused, and read once there is something", async () => {
  let end = 10;
  const reader = readerOf(fetcherOf(new ScriptedCluster((asked, fetch) => logOf(end)(asked, fetch))), 15);
  await expect(reader.read(PATIENT)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
  expect(reader.position).toBe(15);
  end = 20;
  expect(strangers(await reader.read(PATIENT), 15)).toEqual([]);
});

test("a refusal that was under way when a read began is not that read's", async () => {
  const held = new ScriptedCluster(logOf(10));
  let answer: ((end: number) => void) | null = null;
  const cluster = {
    leaderOf: () => held.leaderOf(),
    refresh: () => held.refresh(),
    send: <Answer>(nodeId: number, request: WireRequest<Answer>): Promise<Answer> =>
      new Promise((resolve, reject) => {
        answer = (end) => {
          held.respond = logOf(end);
          held.send(nodeId, request).then(resolve, reject);
        };
      }),
  };
  const fetcher = new Fetcher({ cluster, logger: silentLogger, outageMsMax: 60_000 });
  open.push(() => fetcher.close());
  const reader = readerOf(fetcher, 15);
  const underWay = await sent();
  await turn(2);
  const reading = reader.read(PATIENT);
  underWay(10);
  (await sent())(20);
  expect(strangers(await reading, 15)).toEqual([]);

  async function sent(): Promise<(end: number) => void> {
    while (answer === null) await turn();
    const taken = answer;
    answer = null;
    return taken;
  }
});

async function turnUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}
