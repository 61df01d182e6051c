/**
 * A load as a file, and when each of its messages was sent and received, for a program that is not ours
 * (bench/peers/kafka-clients, LoadFile.java says the same). All numbers are big-endian.
 */

import type { StreamMessage } from "./swipe-stream.js";

const INT = 4;
const DOUBLE = 8;

/**
 * Number of messages (int), number of the first in its stream (double), then of each when it is due in milliseconds from the
 * start (double), partition (int), length and bytes of key and value (int).
 *
 * @param dueMs as many as messages.
 */
export function loadFile(first: number, messages: readonly StreamMessage[], dueMs: Float64Array): Buffer {
  const perMessage = DOUBLE + 3 * INT;
  const bytes = messages.reduce(
    (sum, { key, value }) => sum + perMessage + Buffer.byteLength(key) + value.length,
    INT + DOUBLE,
  );
  const file = Buffer.allocUnsafe(bytes);
  let at = file.writeInt32BE(messages.length);
  at = file.writeDoubleBE(first, at);
  for (const [index, { key, value, partition }] of messages.entries()) {
    at = file.writeDoubleBE(dueMs[index]!, at);
    at = file.writeInt32BE(partition, at);
    at = file.writeInt32BE(Buffer.byteLength(key), at);
    at += file.write(key, at);
    at = file.writeInt32BE(value.length, at);
    at += value.copy(file, at);
  }
  return file;
}

export interface MessageTimes {
  /** Machine times: handed to the producer. */
  readonly sentMs: Float64Array;
  /** NaN where nothing was received. */
  readonly receivedMs: Float64Array;
}

/** Two doubles of each message, in order. @throws RangeError where the file has another length. */
export function messageTimes(file: Buffer, count: number): MessageTimes {
  if (file.length !== count * 2 * DOUBLE)
    throw new RangeError(
      `${file.length} bytes of times: expected ${count * 2 * DOUBLE} of ${count} messages`,
    );
  const sentMs = new Float64Array(count);
  const receivedMs = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    sentMs[index] = file.readDoubleBE(index * 2 * DOUBLE);
    receivedMs[index] = file.readDoubleBE(index * 2 * DOUBLE + DOUBLE);
  }
  return { sentMs, receivedMs };
}
