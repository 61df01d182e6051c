import { createRequire } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { murmur2, murmur2PartitionOf } from "../../schemas/murmur2.js";
import fc from "../support/properties.js";

/** org.apache.kafka.common.utils.UtilsTest.testMurmur2. */
const VECTORS_JAVA: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
];

const require = createRequire(import.meta.url);
/** A second writing of the same hash, with 64-bit numbers. */
const hashOfKafkajs: (
  key: string | Buffer,
) => number = require("kafkajs/src/producer/partitioners/default/murmur2.js");

describe("murmur2", () => {
  test.each(VECTORS_JAVA)("%s hashes as Kafka's own test says", (key, hash) => {
    expect(murmur2(new TextEncoder().encode(key))).toBe(hash);
  });

  test.each(["", "医", "医保", "医保卡", "张三", "社会保障卡𠮷", "a医b保c卡"])(
    "%j hashes as in kafkajs's default partitioner",
    (key) => {
      expect(murmur2(new TextEncoder().encode(key))).toBe(hashOfKafkajs(key));
    },
  );

  test("any bytes hash as in kafkajs's default partitioner, wherever they lie in their buffer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 7 }), (bytes, before) => {
        const inside = new Uint8Array([...new Uint8Array(before), ...bytes, 1, 2]).subarray(
          before,
          before + bytes.length,
        );
        expect(murmur2(inside)).toBe(hashOfKafkajs(Buffer.from(bytes)));
      }),
    );
  });

  test("the partition is that of the default partitioner, for negative hashes too", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.integer({ min: 1, max: 100 }),
        (key, count) => {
          expect(murmur2PartitionOf(key, count)).toBe((hashOfKafkajs(key) & 0x7fffffff) % count);
        },
      ),
    );
    expect(murmur2PartitionOf("21", 12)).toBe((-973932308 & 0x7fffffff) % 12);
  });
});
