import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "@jest/globals";
import snappy from "snappy";
import {
  type Codec,
  type Compression,
  codecOf,
  loadCompression,
} from "../../../../platform/event-log/kafka/compression.js";
import { loadWasmCodec } from "../../../../platform/event-log/kafka/zstd-codec.js";

const NAMES = ["gzip", "snappy", "lz4", "zstd", "zstd in WebAssembly"] as const;
const BYTES_MAX = 1 << 20;
const codecs = new Map<string, Codec>();

const beforeLoading = refusalOf("gzip");

beforeAll(async () => {
  for (const name of ["gzip", "snappy", "lz4", "zstd"] satisfies Compression[]) {
    await loadCompression(name);
    codecs.set(name, codecOf(name)!);
  }
  codecs.set("zstd in WebAssembly", await loadWasmCodec());
});

const contents: readonly (readonly [string, Buffer])[] = [
  ["one byte", Buffer.from("a")],
  ["what cannot be compressed", randomBytes(100_000)],
  ["text that repeats", Buffer.from('{"eventId":"12345","amountFen":100}'.repeat(20_000))],
  ["a block of snappy exactly", Buffer.alloc(32 << 10, 1)],
  ["as much as is allowed", Buffer.alloc(BYTES_MAX, 7)],
];

describe.each(NAMES)("%s", (name) => {
  test.each(contents)("gives back %s", (_, content) => {
    const codec = codecs.get(name)!;
    const compressed = codec.compress(content);
    expect(codec.decompress(compressed, BYTES_MAX).equals(content)).toBe(true);
  });

  test("refuses what would grow above the limit", () => {
    const codec = codecs.get(name)!;
    const bomb = codec.compress(Buffer.alloc(8 * BYTES_MAX));
    expect(() => codec.decompress(bomb, BYTES_MAX)).toThrow();
  });

  test("refuses what is cut short", () => {
    const codec = codecs.get(name)!;
    const compressed = codec.compress(randomBytes(5000));
    expect(() => codec.decompress(compressed.subarray(0, compressed.length / 2), BYTES_MAX)).toThrow();
  });

  test("refuses what is not of its format", () => {
    expect(() => codecs.get(name)!.decompress(Buffer.alloc(40, 0xff), BYTES_MAX)).toThrow();
  });
});

test("snappy without framing, as some clients write it, is read too", () => {
  const content = Buffer.from("卡盾".repeat(1000));
  expect(codecs.get("snappy")!.decompress(snappy.compressSync(content), BYTES_MAX).equals(content)).toBe(
    true,
  );
});

test("a codec that nobody loaded says what to call; none needs no codec", () => {
  expect(beforeLoading).toMatchObject({ message: expect.stringContaining("call loadCompression before") });
  expect(codecOf("none")).toBeNull();
});

function refusalOf(compression: Compression): unknown {
  try {
    return codecOf(compression);
  } catch (error) {
    return error;
  }
}
