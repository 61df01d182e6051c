/**
 * Fetch, version 11: the last one before tagged fields. Without a session: a request names its few dozen partitions
 * each time. Reads also what an unfinished transaction wrote, as Java's consumer does by default.
 */

import { writeInt64 } from "./int64.js";
import { WireCursor } from "./wire-cursor.js";
import { API_KEYS, type Lane, type WireRequest } from "./wire-request.js";

/** A partition may come once in a request. */
export interface FetchSpot {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offset behind the last record that may be read. No records before it: the answer had no room for them. */
  readonly highWatermark: number;
  /** Record batches, a view into the whole answer; begins with the batch that holds the offset asked for. */
  readonly records: Buffer;
}

export interface FetchAnswer {
  /** Of the whole request. */
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

export interface FetchOptions {
  readonly lane: Lane;
  /** How long the server waits for a first record. */
  readonly waitMs: number;
  readonly spots: readonly FetchSpot[];
  /** Of each partition. A first batch above it comes whole. */
  readonly partitionBytesMax: number;
  readonly bytesMax: number;
}

const CONSUMER = -1;
const NO_SESSION = { id: 0, epoch: -1 };
const BYTES_MIN = 1;
const UNKNOWN = -1;
const HEAD_BYTES = 29;
const SPOT_BYTES = 28;
/** Of a transaction: its producer, its first offset. */
const ABORTED_BYTES = 16;
/** The answer may take so long beyond the wait: 8 MiB over a slow line. */
const ANSWER_MS = 10_000;

export function fetchRequest(options: FetchOptions): WireRequest<FetchAnswer> {
  return {
    apiKey: API_KEYS.Fetch,
    apiVersion: 11,
    apiName: "Fetch",
    lane: options.lane,
    timeoutMs: options.waitMs + ANSWER_MS,
    encode: () => encode(options),
    decode,
  };
}

function encode({ waitMs, spots, partitionBytesMax, bytesMax }: FetchOptions): Buffer[] {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeInt32BE(CONSUMER, 0);
  head.writeInt32BE(waitMs, 4);
  head.writeInt32BE(BYTES_MIN, 8);
  head.writeInt32BE(bytesMax, 12);
  // The byte at 16 is the isolation: read uncommitted.
  head.writeInt32BE(NO_SESSION.id, 17);
  head.writeInt32BE(NO_SESSION.epoch, 21);
  const topics = byTopic(spots);
  head.writeInt32BE(topics.length, 25);
  const parts = topics.map((ofTopic) => encodeTopic(ofTopic, partitionBytesMax));
  // No partition of a session is forgotten, no rack.
  return [head, ...parts, Buffer.alloc(6)];
}

/**
 * In the order given: a server fills an answer in the order of the request, so the first are served first. A topic comes
 * again where another lies between.
 */
function byTopic(spots: readonly FetchSpot[]): FetchSpot[][] {
  const topics: FetchSpot[][] = [];
  for (const spot of spots) {
    const last = topics.at(-1);
    if (last?.[0]?.topic === spot.topic) last.push(spot);
    else topics.push([spot]);
  }
  return topics;
}

function encodeTopic(spots: readonly FetchSpot[], partitionBytesMax: number): Buffer {
  const topic = Buffer.from(spots[0]?.topic ?? "");
  const bytes = Buffer.allocUnsafe(2 + topic.length + 4 + spots.length * SPOT_BYTES);
  let at = bytes.writeInt16BE(topic.length, 0);
  at += topic.copy(bytes, at);
  at = bytes.writeInt32BE(spots.length, at);
  for (const { partition, offset } of spots) {
    at = bytes.writeInt32BE(partition, at);
    at = bytes.writeInt32BE(UNKNOWN, at); // The leader's epoch.
    at = writeInt64(bytes, offset, at);
    at = writeInt64(bytes, UNKNOWN, at); // The log's start: a follower's field.
    at = bytes.writeInt32BE(partitionBytesMax, at);
  }
  return bytes;
}

function decode(payload: Buffer): FetchAnswer {
  const cursor = new WireCursor(payload);
  cursor.int32(); // Throttle time: servers hold back themselves.
  const errorCode = cursor.int16();
  cursor.int32();
  const partitions: FetchedPartition[] = [];
  for (let topics = cursor.int32(); topics > 0; topics--) {
    const topic = cursor.text();
    for (let left = cursor.int32(); left > 0; left--) partitions.push(decodePartition(cursor, topic));
  }
  return { errorCode, partitions };
}

function decodePartition(cursor: WireCursor, topic: string): FetchedPartition {
  const partition = cursor.int32();
  const errorCode = cursor.int16();
  const highWatermark = cursor.int64();
  cursor.int64(); // Last stable offset.
  cursor.int64(); // Start of the log.
  for (let left = cursor.int32(); left > 0; left--) cursor.skip(ABORTED_BYTES);
  cursor.int32(); // Preferred replica.
  return { topic, partition, errorCode, highWatermark, records: cursor.bytesBlock() };
}
