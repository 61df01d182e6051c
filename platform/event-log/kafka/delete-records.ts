/** DeleteRecords, version 1: forgets the records of one partition before an offset. Again is nothing. */

import { type AskedCluster, askLeader } from "./ask-leader.js";
import { writeInt64 } from "./int64.js";
import { WireCursor } from "./wire-cursor.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

/** The leader answers when all replicas in sync know the new start. */
const TIMEOUT_MS = 10_000;

interface Deleted {
  readonly errorCode: number;
}

export interface RecordsBefore {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record to keep. */
  readonly start: number;
}

/** @throws EventLogError, also where the topic's settings forbid it (cleanup.policy without delete). */
export async function deleteRecords(cluster: AskedCluster, before: RecordsBefore): Promise<void> {
  await askLeader(cluster, {
    topic: before.topic,
    partition: before.partition,
    doing: `forget the records before offset ${before.start} of`,
    request: deleteRecordsRequest(before),
    errorCodeOf: ({ errorCode }) => errorCode,
  });
}

function deleteRecordsRequest(before: RecordsBefore): WireRequest<Deleted> {
  return {
    apiKey: API_KEYS.DeleteRecords,
    apiVersion: 1,
    apiName: "DeleteRecords",
    timeoutMs: 2 * TIMEOUT_MS,
    encode: () => encode(before),
    decode,
  };
}

function encode({ topic, partition, start }: RecordsBefore): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(4 + 2 + name.length + 4 + 4 + 8 + 4);
  let at = bytes.writeInt32BE(1, 0);
  at = bytes.writeInt16BE(name.length, at);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt32BE(partition, at);
  at = writeInt64(bytes, start, at);
  bytes.writeInt32BE(TIMEOUT_MS, at);
  return bytes;
}

function decode(payload: Buffer): Deleted {
  const cursor = new WireCursor(payload);
  cursor.int32(); // Throttle time.
  const [deleted] = cursor.array(() => {
    cursor.text();
    return cursor.array(() => {
      cursor.int32();
      cursor.int64(); // The first offset kept.
      return { errorCode: cursor.int16() };
    });
  });
  if (deleted?.[0] === undefined) throw new RangeError("the answer names no partition");
  return deleted[0];
}
