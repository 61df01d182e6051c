/** When the next fetch leaves, beside the appends that the last answer led to. */

import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Fetcher } from "../../../../platform/event-log/kafka/fetcher.js";
import { KafkaReader } from "../../../../platform/event-log/kafka/kafka-reader.js";
import { ProduceQueue } from "../../../../platform/event-log/kafka/produce-queue.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { silentLogger } from "../../../../platform/logger/logger.js";
import { batchOf, ScriptedCluster } from "./scripted-node.js";

const READ = { recordsMax: 100, bytesMax: 100_000_000, waitMs: 5_000 };
/** Of some 110 bytes each. */
const SEVERAL = 25;
const FEW = 2;
/** More turns of the event loop than a fetch takes to leave where nothing holds it up. */
const TURNS = 10;
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function readerOf(fetcher: Fetcher): KafkaReader {
  const reader = new KafkaReader(fetcher.open("t", 0, 0), 0, () => {});
  closing.push(() => reader.close());
  return reader;
}

test("without a pause, what records led to is appended before the next fetch is sent", async () => {
  const scripted = new ScriptedCluster(({ offset }) => ({ records: batchOf(offset, 10) }));
  const sent: string[] = [];
  const cluster = {
    leaderOf: () => scripted.leaderOf(),
    refresh: () => scripted.refresh(),
    async send<Answer>(nodeId: number, request: WireRequest<Answer>): Promise<Answer> {
      sent.push(request.apiName);
      if (request.apiName === "Fetch") return scripted.send(nodeId, request);
      return request.decode(PRODUCED);
    },
  };
  const fetcher = new Fetcher({
    ...{ cluster, logger: silentLogger, outageMsMax: 60_000 },
    pace: { leastMs: 0, mostMs: 0 },
  });
  closing.push(() => fetcher.close());
  const reader = readerOf(fetcher);
  const appends = new ProduceQueue(cluster, 1, { acknowledgeMs: 8_000, answerMs: 10_000 });
  for (let times = 0; times < 3; times++) {
    await reader.read(READ);
    await appends.send({ topic: "decisions", partition: 0, bytes: Buffer.alloc(100) });
  }
  expect(sent.slice(0, 6)).toEqual(["Fetch", "Produce", "Fetch", "Produce", "Fetch", "Produce"]);
});

describe("a pace behind appends", () => {
  let cluster: ScriptedCluster;
  let underWay: Promise<void> | null;
  let endAppend: () => void;

  beforeEach(() => {
    underWay = new Promise((resolve) => {
      endAppend = resolve;
    });
    // Its longest wait passes when the test says so.
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask", "performance", "Date"] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Has read the first answer; the second is to be fetched. */
  async function readOnce({ afterAppends = true, records = SEVERAL, isAppending = true }): Promise<void> {
    if (!isAppending) underWay = null;
    cluster = new ScriptedCluster(({ offset }) => ({ records: batchOf(offset, records) }));
    const fetcher = new Fetcher({
      ...{ cluster, logger: silentLogger, outageMsMax: 60_000 },
      pace: { leastMs: 0, mostMs: 0, afterAppends },
      appendsUnderWay: () => underWay,
    });
    closing.push(() => fetcher.close());
    await readerOf(fetcher).read(READ);
    await turns();
  }

  test("the next fetch leaves when the append under way is answered", async () => {
    await readOnce({});
    expect(cluster.fetches).toHaveLength(1);
    endAppend();
    await turns();
    expect(cluster.fetches.length).toBeGreaterThan(1);
  });

  test("an append that is not answered holds it up for a few milliseconds only", async () => {
    await readOnce({});
    expect(cluster.fetches).toHaveLength(1);
    jest.advanceTimersByTime(5);
    await turns();
    expect(cluster.fetches.length).toBeGreaterThan(1);
  });

  test("an append that fails does not hold it up", async () => {
    underWay = Promise.reject(new Error("the connection was closed"));
    underWay.catch(() => {});
    await readOnce({});
    expect(cluster.fetches.length).toBeGreaterThan(1);
  });

  test.each([
    ["nothing is appended", { isAppending: false }],
    ["few records came", { records: FEW }],
    ["the pace does not say so", { afterAppends: false }],
  ])("where %s nothing is waited for", async (_, given) => {
    await readOnce(given);
    expect(cluster.fetches.length).toBeGreaterThan(1);
  });
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Partition 0 of "decisions" took a batch. */
const PRODUCED = Buffer.concat([
  Buffer.from([0, 0, 0, 1, 0, 9]),
  Buffer.from("decisions"),
  Buffer.from([0, 0, 0, 1]),
  Buffer.alloc(4 + 2 + 3 * 8 + 4),
  Buffer.from([0xff, 0xff]),
  Buffer.alloc(4),
]);
