/** What generator and observer by Kafka's clients are told, and tell, in files (LoadFile.java). */

import { expect, test } from "@jest/globals";
import { loadFile, messageTimes } from "../../../bench/end-to-end/load-file.js";

test("a load as a file: its count and first number, then due time, partition, key and value of each message", () => {
  const messages = [
    { key: "4403", value: Buffer.from("{}"), partition: 3 },
    { key: "卡", value: Buffer.from("{…}"), partition: 11 },
  ];
  const file = loadFile(700, messages, Float64Array.of(0.5, 2.25));
  let left = file;
  const take = (bytes: number) => {
    const taken = left.subarray(0, bytes);
    left = left.subarray(bytes);
    return taken;
  };
  const int = () => take(4).readInt32BE();
  const double = () => take(8).readDoubleBE();
  const text = () => take(int()).toString("utf8");
  expect([int(), double()]).toEqual([2, 700]);
  expect([double(), int(), text(), text()]).toEqual([0.5, 3, "4403", "{}"]);
  expect([double(), int(), text(), text()]).toEqual([2.25, 11, "卡", "{…}"]);
  expect(left).toHaveLength(0);
});

test("times of messages: handed to the producer, received; not a number where nothing was received", () => {
  const file = Buffer.alloc(32);
  for (const [index, ms] of [1_000.5, 1_002.25, 1_001, Number.NaN].entries())
    file.writeDoubleBE(ms, index * 8);
  expect(messageTimes(file, 2)).toEqual({
    sentMs: Float64Array.of(1_000.5, 1_001),
    receivedMs: Float64Array.of(1_002.25, Number.NaN),
  });
});

test("times of another number of messages are refused", () => {
  expect(() => messageTimes(Buffer.alloc(17), 1)).toThrow("17 bytes of times: expected 16 of 1 messages");
});
