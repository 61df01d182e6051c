/** Produce, version 8: the last one before tagged fields, the first whose answer explains a refusal in words. */

import { WireCursor } from "./wire-cursor.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

/** All replicas in sync have it: what is acknowledged survives the loss of a node (with min.insync.replicas ≥ 2). */
const ACKS_ALL = -1;
const NO_TRANSACTION = -1;
const HEAD_BYTES = 12;
/** Partition and length of a batch. */
const BATCH_HEAD_BYTES = 8;

export interface ProduceBatch {
  readonly topic: string;
  readonly partition: number;
  /** One encoded record batch. */
  readonly bytes: Buffer;
}

export interface ProduceAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** -1 with an error. */
  readonly baseOffset: number;
  /** -1 where the topic does not keep LogAppendTime. */
  readonly appendedAtMs: number;
  readonly errorText: string | null;
}

export interface ProduceTimes {
  /** How long the server may wait for the replicas. */
  readonly acknowledgeMs: number;
  /** After it the connection is given up; longer than the other, so that the server can say what it waits for. */
  readonly answerMs: number;
}

/** At most one batch of a partition; all go in one request. */
export function produceRequest(
  batches: readonly ProduceBatch[],
  times: ProduceTimes,
): WireRequest<readonly ProduceAnswer[]> {
  return {
    apiKey: API_KEYS.Produce,
    apiVersion: 8,
    apiName: "Produce",
    timeoutMs: times.answerMs,
    encode: () => encode(batches, times.acknowledgeMs),
    decode: (payload) => decode(payload),
  };
}

function encode(batches: readonly ProduceBatch[], acknowledgeMs: number): readonly Buffer[] {
  const topics = byTopic(batches);
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeInt16BE(NO_TRANSACTION, 0);
  head.writeInt16BE(ACKS_ALL, 2);
  head.writeInt32BE(acknowledgeMs, 4);
  head.writeInt32BE(topics.length, 8);
  const parts: Buffer[] = [head];
  for (const ofTopic of topics) {
    parts.push(topicHead(ofTopic));
    for (const { partition, bytes } of ofTopic) {
      const batchHead = Buffer.allocUnsafe(BATCH_HEAD_BYTES);
      batchHead.writeInt32BE(partition, 0);
      batchHead.writeInt32BE(bytes.length, 4);
      parts.push(batchHead, bytes);
    }
  }
  return parts;
}

function topicHead(batches: readonly ProduceBatch[]): Buffer {
  const topic = batches[0]!.topic;
  const topicBytes = Buffer.byteLength(topic);
  const head = Buffer.allocUnsafe(2 + topicBytes + 4);
  head.writeInt16BE(topicBytes, 0);
  head.write(topic, 2);
  head.writeInt32BE(batches.length, 2 + topicBytes);
  return head;
}

function byTopic(batches: readonly ProduceBatch[]): readonly (readonly ProduceBatch[])[] {
  const topics: ProduceBatch[][] = [];
  for (const batch of batches) {
    const ofTopic = topics.find((each) => each[0]!.topic === batch.topic);
    if (ofTopic === undefined) topics.push([batch]);
    else ofTopic.push(batch);
  }
  return topics;
}

function decode(payload: Buffer): readonly ProduceAnswer[] {
  const cursor = new WireCursor(payload);
  const answers: ProduceAnswer[] = [];
  for (let topics = cursor.int32(); topics > 0; topics--) {
    const topic = cursor.text();
    for (let partitions = cursor.int32(); partitions > 0; partitions--)
      answers.push(decodePartition(cursor, topic));
  }
  return answers;
}

function decodePartition(cursor: WireCursor, topic: string): ProduceAnswer {
  const partition = cursor.int32();
  const errorCode = cursor.int16();
  const baseOffset = cursor.int64();
  const appendedAtMs = cursor.int64();
  cursor.int64(); // Start of the log.
  let recordError: string | null = null;
  for (let errors = cursor.int32(); errors > 0; errors--) {
    cursor.int32(); // Index of the record.
    const text = cursor.textOrNone();
    recordError ??= text;
  }
  const errorText = cursor.textOrNone() ?? recordError;
  return { topic, partition, errorCode, baseOffset, appendedAtMs, errorText };
}
