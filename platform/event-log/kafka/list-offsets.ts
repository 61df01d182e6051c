/** ListOffsets, version 2: first and next offset of one partition. */

import { writeInt64 } from "./int64.js";
import { WireCursor } from "./wire-cursor.js";
import { API_KEYS, type WireRequest } from "./wire-request.js";

export interface ListedOffset {
  readonly errorCode: number;
  readonly offset: number;
}

/** In place of a time. */
const POSITIONS = { start: -2, end: -1 } as const;
const CLIENT = -1;

export function listOffsetsRequest(
  topic: string,
  partition: number,
  position: keyof typeof POSITIONS,
): WireRequest<ListedOffset> {
  return {
    apiKey: API_KEYS.ListOffsets,
    apiVersion: 2,
    apiName: "ListOffsets",
    encode: () => encode(topic, partition, POSITIONS[position]),
    decode,
  };
}

function encode(topic: string, partition: number, position: number): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(11 + name.length + 16);
  let at = bytes.writeInt32BE(CLIENT, 0);
  at = bytes.writeInt8(0, at); // Read uncommitted.
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt16BE(name.length, at);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt32BE(partition, at);
  writeInt64(bytes, position, at);
  return bytes;
}

function decode(payload: Buffer): ListedOffset {
  const cursor = new WireCursor(payload);
  cursor.int32(); // Throttle time.
  const [listed] = cursor.array(() => {
    cursor.text();
    return cursor.array(() => {
      cursor.int32();
      const errorCode = cursor.int16();
      cursor.int64();
      return { errorCode, offset: cursor.int64() };
    });
  });
  if (listed?.[0] === undefined) throw new RangeError("the answer names no partition");
  return listed[0];
}
