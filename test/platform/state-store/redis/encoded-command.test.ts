/** Bytes for the server: what the library itself would send. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Command } from "ioredis";
import { encodeHmget, encodeHset } from "../../../../platform/state-store/redis/encoded-command.js";

const keys = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const entries = fc.array(fc.record({ key: keys, value: fc.uint8Array({ maxLength: 1_200 }) }), {
  minLength: 1,
});
const fieldOf = (key: string) => Buffer.from(key, "hex");

function libraryBytes(command: string, args: readonly (string | Buffer)[]): Buffer {
  return Buffer.from(new Command(command, [...args], { replyEncoding: null }).toWritable({}));
}

describe("a command written as bytes", () => {
  test("is what the library sends of the same keys and values", () => {
    let spare: Buffer | null = null;
    fc.assert(
      fc.property(entries, (given) => {
        const { encoded } = encodeHset("{省:7}:writing", given, spare);
        const pairs = given.flatMap(({ key, value }) => [fieldOf(key), Buffer.from(value)]);
        expect(encoded.equals(libraryBytes("HSET", ["{省:7}:writing", ...pairs]))).toBe(true);
        spare = Buffer.from(encoded.buffer);
        const read = encodeHmget(
          "{省:7}:values",
          given.map(({ key }) => key),
        ).encoded;
        const fields = given.map(({ key }) => fieldOf(key));
        expect(read.equals(libraryBytes("HMGET", ["{省:7}:values", ...fields]))).toBe(true);
      }),
      { seed: 41, numRuns: 200 },
    );
  });

  test.each([
    "",
    "0".repeat(31),
    "0".repeat(33),
    `${"0".repeat(31)}G`,
    `${"0".repeat(31)}A`,
    `${"0".repeat(31)}é`,
  ])("is refused for the key '%s'", (key) => {
    expect(() => encodeHset("h", [{ key, value: Buffer.from("v") }], null)).toThrow(RangeError);
    expect(() => encodeHmget("h", [key])).toThrow("expected 32 hexadecimal digits");
  });

  test("takes a put at its limits, and none above", () => {
    const full = Array.from({ length: 1_000 }, (_, index) => ({
      key: index.toString(16).padStart(32, "0"),
      value: Buffer.alloc(524),
    }));
    expect(encodeHset("h", full, null).encoded.length).toBeGreaterThan(524_000);
    expect(encodeHset("h", [{ key: full[0]!.key, value: Buffer.alloc(524_288) }], null).encoded.length).toBe(
      libraryBytes("HSET", ["h", fieldOf(full[0]!.key), Buffer.alloc(524_288)]).length,
    );
    expect(() => encodeHset("h", [...full, full[0]!], null)).toThrow("at most 1000");
    expect(() => encodeHset("h", [{ key: full[0]!.key, value: Buffer.alloc(524_289) }], null)).toThrow(
      "524288",
    );
  });
});
