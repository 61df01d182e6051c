/** Produce, version 8: the last one before tagged fields, the first whose answer explains a refusal in words. */

import { Decoder, Encoder } from "./kafkajs-internals.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

/** All replicas in sync have it: what is acknowledged survives the loss of a node (with min.insync.replicas ≥ 2). */
const ACKS_ALL = -1;
/** Room for the few fields between two batches; grows by itself. */
const PART_BYTES = 32;

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
  const head = new Encoder(PART_BYTES).writeString(null).writeInt16(ACKS_ALL).writeInt32(acknowledgeMs);
  const parts = [head.writeInt32(topics.size).buffer];
  for (const [topic, ofTopic] of topics) {
    parts.push(new Encoder(PART_BYTES).writeString(topic).writeInt32(ofTopic.length).buffer);
    for (const { partition, bytes } of ofTopic)
      parts.push(new Encoder(PART_BYTES).writeInt32(partition).writeInt32(bytes.length).buffer, bytes);
  }
  return parts;
}

function byTopic(batches: readonly ProduceBatch[]): ReadonlyMap<string, readonly ProduceBatch[]> {
  const topics = new Map<string, ProduceBatch[]>();
  for (const batch of batches) {
    const ofTopic = topics.get(batch.topic);
    if (ofTopic === undefined) topics.set(batch.topic, [batch]);
    else ofTopic.push(batch);
  }
  return topics;
}

function decode(payload: Buffer): readonly ProduceAnswer[] {
  return new Decoder(payload)
    .readArray((topics) => {
      const topic = topics.readString() ?? "";
      return topics.readArray((partitions) => decodePartition(partitions, topic));
    })
    .flat();
}

function decodePartition(decoder: Decoder, topic: string): ProduceAnswer {
  const partition = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const baseOffset = Number(decoder.readInt64());
  const appendedAtMs = Number(decoder.readInt64());
  decoder.readInt64(); // start of the log
  const recordErrors = decoder.readArray((errors) => ({
    index: errors.readInt32(),
    text: errors.readString(),
  }));
  const errorText = decoder.readString() ?? recordErrors[0]?.text ?? null;
  return { topic, partition, errorCode, baseOffset, appendedAtMs, errorText };
}
