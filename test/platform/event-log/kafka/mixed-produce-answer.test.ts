/** One request with batches of several partitions, and an answer that says something else of each. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Clock } from "../../../../platform/clock/clock.js";
import { BatchDelivery } from "../../../../platform/event-log/kafka/batch-delivery.js";
import { KafkaProducer } from "../../../../platform/event-log/kafka/kafka-producer.js";
import type { ProduceAnswer } from "../../../../platform/event-log/kafka/produce-request.js";
import { WireCursor } from "../../../../platform/event-log/kafka/wire-cursor.js";
import type { WireRequest } from "../../../../platform/event-log/kafka/wire-request.js";
import { numberedEntry } from "../../../contract/numbered-entry.js";

const clock: Clock = { now: () => 1_000, sleep: async () => {} };
const NOT_LEADER_OR_FOLLOWER = 6;
const MESSAGE_TOO_LARGE = 10;

describe("a produce request of several partitions, answered in another order", () => {
  let node: AnsweringNode;
  beforeEach(() => {
    node = new AnsweringNode();
  });

  const open = async (deadlineMs: number) => {
    const delivery = new BatchDelivery({ cluster: node, clock, deadlineMs });
    const producerOf = (topic: string) =>
      KafkaProducer.open({
        topic,
        partitionCount: 4,
        delivery,
        newProducerId: async () => ({ producerId: 77, producerEpoch: 0 }),
        endOf: async () => 0,
        compression: "none",
        clock,
      });
    return { orders: await producerOf("orders"), refunds: await producerOf("refunds") };
  };

  test("each append is settled by the answer for its own partition of its own topic", async () => {
    const { orders, refunds } = await open(0);
    node.answers.push([
      taken("refunds", 1, 210),
      taken("orders", 3, 130),
      refused("orders", 1, MESSAGE_TOO_LARGE),
      taken("orders", 0, 100),
    ]);
    const appends = [0, 1, 2, 3].map((partition) => orders.append(partition, [numberedEntry(partition)]));
    const settled = await Promise.allSettled([...appends, refunds.append(1, [numberedEntry(4)])]);

    expect(node.asked).toEqual([["orders/0", "orders/1", "orders/2", "orders/3", "refunds/1"]]);
    expect(settled).toEqual([
      { status: "fulfilled", value: { firstOffset: 100, appendedAtMs: 10_100 } },
      { status: "rejected", reason: expect.objectContaining({ code: "VALUE_TOO_LARGE", retryable: false }) },
      { status: "rejected", reason: expect.objectContaining({ code: "FAILED", retryable: true }) },
      { status: "fulfilled", value: { firstOffset: 130, appendedAtMs: 10_130 } },
      { status: "fulfilled", value: { firstOffset: 210, appendedAtMs: 10_210 } },
    ]);
    expect(messageOf(settled[1]!)).toContain("orders/1");
    expect(messageOf(settled[2]!)).toContain("without orders/2, which was in it");
  });

  test("only what was refused for now or left out is sent again, the same bytes, and then taken", async () => {
    const { orders } = await open(60_000);
    node.answers.push([
      taken("orders", 3, 130),
      taken("orders", 0, 100),
      refused("orders", 1, NOT_LEADER_OR_FOLLOWER),
    ]);
    const appends = [0, 1, 2, 3].map((partition) => orders.append(partition, [numberedEntry(partition)]));
    const results = await Promise.all(appends);

    expect(results.map(({ firstOffset }) => firstOffset)).toEqual([100, 110, 120, 130]);
    expect(node.asked[0]).toEqual(["orders/0", "orders/1", "orders/2", "orders/3"]);
    expect(node.asked.slice(1).flat().sort()).toEqual(["orders/1", "orders/2"]);
    for (const place of ["orders/1", "orders/2"]) expect(new Set(node.bytesOf(place)).size).toBe(1);
  });
});

/**
 * Answers the next request with the next list, in its order, whatever was asked; beyond the lists it takes every batch,
 * the last one first, at 100 and ten times its partition.
 */
class AnsweringNode {
  readonly answers: (readonly ProduceAnswer[])[] = [];
  /** `topic/partition` of the batches of each request. */
  readonly asked: (readonly string[])[] = [];
  private readonly sent: Batch[] = [];

  async leaderOf(): Promise<number> {
    return 1;
  }

  async refresh(): Promise<void> {}

  async send<Answer>(_nodeId: number, request: WireRequest<Answer>): Promise<Answer> {
    const batches = batchesOf(Buffer.concat([request.encode()].flat()));
    this.asked.push(batches.map(({ place }) => place));
    this.sent.push(...batches);
    return request.decode(encodeAnswer(this.answers.shift() ?? batches.map(takenAll).reverse()));
  }

  bytesOf(place: string): readonly string[] {
    return this.sent.filter((batch) => batch.place === place).map(({ bytes }) => bytes);
  }
}

interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly place: string;
  readonly bytes: string;
}

/** Produce request, version 8. */
function batchesOf(body: Buffer): readonly Batch[] {
  const cursor = new WireCursor(body);
  cursor.textOrNone(); // Transaction.
  cursor.int16(); // Acknowledgements.
  cursor.int32(); // Time-out.
  const topics = cursor.array(() => {
    const topic = cursor.text();
    return cursor.array(() => {
      const partition = cursor.int32();
      return { topic, partition, place: `${topic}/${partition}`, bytes: cursor.bytesBlock().toString("hex") };
    });
  });
  return topics.flat();
}

function taken(topic: string, partition: number, baseOffset: number): ProduceAnswer {
  return { topic, partition, errorCode: 0, baseOffset, appendedAtMs: 10_000 + baseOffset, errorText: null };
}

function takenAll({ topic, partition }: Batch): ProduceAnswer {
  return taken(topic, partition, 100 + 10 * partition);
}

function refused(topic: string, partition: number, errorCode: number): ProduceAnswer {
  return { topic, partition, errorCode, baseOffset: -1, appendedAtMs: -1, errorText: "refused" };
}

/** Produce response, version 8: each answer under a topic of its own, so that any order can be said. */
function encodeAnswer(answers: readonly ProduceAnswer[]): Buffer {
  return Buffer.concat([int32(answers.length), ...answers.map(encodePartition), int32(0)]);
}

function encodePartition(answer: ProduceAnswer): Buffer {
  const { topic, partition, errorCode, baseOffset, appendedAtMs, errorText } = answer;
  // What a refusal says of single records stands between the offsets and its text.
  const recordErrors = errorText === null ? [int32(0)] : [int32(1), int32(0), text("of one record")];
  return Buffer.concat([
    ...[text(topic), int32(1), int32(partition), int16(errorCode)],
    ...[int64(baseOffset), int64(appendedAtMs), int64(0)],
    ...[...recordErrors, text(errorText)],
  ]);
}

function messageOf(settled: PromiseSettledResult<unknown>): string {
  return settled.status === "rejected" ? String(settled.reason.message) : "";
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function text(value: string | null): Buffer {
  if (value === null) return int16(-1);
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}
