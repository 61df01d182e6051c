/** What answers mean for appends, with answers that a live server gives only in bad moments. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Clock } from "../../../../platform/clock/clock.js";
import { BatchDelivery } from "../../../../platform/event-log/kafka/batch-delivery.js";
import type { KafkaCluster } from "../../../../platform/event-log/kafka/kafka-cluster.js";
import { KafkaWireError } from "../../../../platform/event-log/kafka/kafka-errors.js";
import { KafkaProducer } from "../../../../platform/event-log/kafka/kafka-producer.js";
import type { ProduceAnswer } from "../../../../platform/event-log/kafka/produce-request.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { numberedEntries, numberedEntry } from "../../../contract/numbered-entry.js";

const PRODUCER_ID = 77;
const clock: Clock = { now: () => 1_000, sleep: async () => {} };

/** What a batch's header says. */
interface SentBatch {
  readonly epoch: number;
  readonly sequence: number;
  readonly count: number;
  readonly bytes: string;
}

type Scripted = Partial<ProduceAnswer> | "missing" | KafkaWireError;

/** Answers as the script says; beyond it, success at the next offset. */
class ScriptedNode implements Pick<KafkaCluster, "leaderOf" | "refresh" | "send"> {
  readonly sent: SentBatch[] = [];
  readonly script: Scripted[] = [];
  refreshes = 0;
  private end = 0;

  async leaderOf(): Promise<number> {
    return 1;
  }

  async refresh(): Promise<void> {
    this.refreshes++;
  }

  async send<Answer>(_nodeId: number, request: WireRequest<Answer>): Promise<Answer> {
    if (request.apiName === "ListOffsets") return request.decode(emptyPartition());
    const batch = [request.encode()].flat().find((part) => part.length > 61)!;
    const count = batch.readInt32BE(57);
    this.sent.push({
      epoch: batch.readInt16BE(51),
      sequence: batch.readInt32BE(53),
      count,
      bytes: batch.toString("hex"),
    });
    const next = this.script.shift() ?? {};
    if (next instanceof KafkaWireError) throw next;
    if (next === "missing") return request.decode(answerBytes([]));
    const baseOffset = next.errorCode === undefined ? this.end : -1;
    if (next.errorCode === undefined) this.end += count;
    return request.decode(answerBytes([{ errorCode: 0, baseOffset, ...next }]));
  }
}

/** Produce response, version 8, of topic "t" partition 0. */
function answerBytes(partitions: readonly Partial<ProduceAnswer>[]): Buffer {
  const parts = partitions.map(({ errorCode = 0, baseOffset = -1 }) => {
    const bytes = Buffer.alloc(4 + 2 + 8 + 8 + 8 + 4 + 2);
    bytes.writeInt16BE(errorCode, 4);
    bytes.writeBigInt64BE(BigInt(baseOffset), 6);
    bytes.writeBigInt64BE(5_000n, 14);
    bytes.writeInt16BE(-1, 34);
    return bytes;
  });
  const head = Buffer.from([0, 0, 0, 1, 0, 1, "t".charCodeAt(0), 0, 0, 0, partitions.length]);
  return Buffer.concat([head, ...parts, Buffer.alloc(4)]);
}

/** ListOffsets response, version 2: a partition of topic "t" that begins and ends at offset 0. */
function emptyPartition(): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, 1, "t".charCodeAt(0), 0, 0, 0, 1]);
  return Buffer.concat([head, Buffer.alloc(4 + 2 + 8 + 8)]);
}

describe("appends to Kafka", () => {
  let node: ScriptedNode;
  let producer: KafkaProducer;

  const open = (deadlineMs: number) =>
    KafkaProducer.open({
      topic: "t",
      partitionCount: 1,
      delivery: new BatchDelivery({ cluster: node, clock, deadlineMs }),
      newProducerId: async () => ({ producerId: PRODUCER_ID, producerEpoch: 0 }),
      endOf: async () => 0,
      compression: "none",
      clock,
    });
  beforeEach(async () => {
    node = new ScriptedNode();
    producer = await open(0);
  });
  const numbers = () => node.sent.map(({ epoch, sequence, count }) => [epoch, sequence, count]);

  test("sequences go on by the records of each batch", async () => {
    for (const count of [1, 3, 2]) await producer.append(0, numberedEntries(0, count));
    expect(numbers()).toEqual([
      [0, 0, 1],
      [0, 1, 3],
      [0, 4, 2],
    ]);
  });

  test.each([
    ["an answer that leaves the partition out", "missing"],
    ["a closed connection", new KafkaWireError("closed", "closed")],
    ["no answer in time", new KafkaWireError("timeout", "timeout")],
    ["NOT_LEADER_OR_FOLLOWER", { errorCode: 6 }],
    ["REQUEST_TIMED_OUT", { errorCode: 7 }],
    ["NOT_ENOUGH_REPLICAS", { errorCode: 19 }],
    ["NOT_ENOUGH_REPLICAS_AFTER_APPEND", { errorCode: 20 }],
    ["UNKNOWN_SERVER_ERROR", { errorCode: -1 }],
  ] as const)("after %s the same bytes are sent again", async (_name, answer) => {
    producer = await open(60_000);
    node.script.push(answer, answer);
    await producer.append(0, numberedEntries(0, 2));
    expect(new Set(node.sent.map(({ bytes }) => bytes)).size).toBe(1);
    expect(node.sent).toHaveLength(3);
    await producer.append(0, [numberedEntry(2)]);
    expect(numbers().at(-1)).toEqual([0, 2, 1]);
  });

  test("after an append that failed the next has a new epoch and begins at sequence 0", async () => {
    await producer.append(0, numberedEntries(0, 2));
    node.script.push(new KafkaWireError("timeout", "timeout"));
    await expect(producer.append(0, [numberedEntry(2)])).rejects.toMatchObject({ retryable: true });
    await producer.append(0, [numberedEntry(2)]);
    expect(numbers()).toEqual([
      [0, 0, 2],
      [0, 2, 1],
      [1, 0, 1],
    ]);
  });

  test("a batch the server knows already is success where it says where, failure where it is not found either", async () => {
    node.script.push({ errorCode: 46, baseOffset: 9 });
    expect((await producer.append(0, [numberedEntry(0)])).firstOffset).toBe(9);
    node.script.push({ errorCode: 46, baseOffset: -1 });
    await expect(producer.append(0, [numberedEntry(1)])).rejects.toMatchObject({
      code: "FAILED",
      retryable: true,
    });
  });

  test.each([
    ["a sequence out of order", { errorCode: 45 }],
    ["an offset below what was acknowledged", { baseOffset: 1 }],
  ] as const)("%s stops the partition: acknowledged records are gone", async (_name, answer) => {
    await producer.append(0, numberedEntries(0, 3));
    node.script.push(answer);
    await expect(producer.append(0, [numberedEntry(3)])).rejects.toMatchObject({
      code: "CORRUPT",
      retryable: false,
    });
    await expect(producer.append(0, [numberedEntry(3)])).rejects.toMatchObject({ code: "CORRUPT" });
    expect(node.sent).toHaveLength(2);
  });

  test("no try begins after the deadline: a process that stood still sends nothing that old", async () => {
    const stoodStill: Clock = { now: () => 1_000, sleep: () => new Promise((wake) => setTimeout(wake, 60)) };
    const delivery = new BatchDelivery({ cluster: node, clock: stoodStill, deadlineMs: 30 });
    node.script.push({ errorCode: 6 });
    const delivered = delivery.deliver({ topic: "t", partition: 0, bytes: Buffer.alloc(100) });
    await expect(delivered).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(node.sent).toHaveLength(1);
  });

  test("where the epochs are used up a new producer id is fetched, and appends go on", async () => {
    const refused = { errorCode: 59 } as const;
    for (let failure = 0; failure <= 32_767; failure++) {
      node.script.push(refused);
      await producer.append(0, [numberedEntry(0)]).catch(() => {});
    }
    await expect(producer.append(0, [numberedEntry(0)])).rejects.toMatchObject({
      code: "FAILED",
      retryable: true,
    });
    await producer.append(0, [numberedEntry(0)]);
    expect(numbers().at(-1)).toEqual([0, 0, 1]);
  });
});
