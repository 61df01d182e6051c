/**
 * Codecs of record batches, by Kafka's names and numbers. Each library is loaded when the first batch needs it: most
 * processes need none or one of them.
 */

import type { KafkaCompression } from "./kafka-options.js";

export type Compression = KafkaCompression;
export const COMPRESSION_IDS: Readonly<Record<Compression, number>> = {
  none: 0,
  gzip: 1,
  snappy: 2,
  lz4: 3,
  zstd: 4,
};

/**
 * A batch is at most about 1 MiB on the wire (`message.max.bytes`), and text shrinks to a tenth, repeated text to a
 * thirtieth. What grows beyond this was made to exhaust memory.
 */
export const DECOMPRESSED_BYTES_MAX = 64 << 20;

/** Synchronous: a batch is small, and handing it to a thread costs more than most of them take. */
export interface Codec {
  compress(bytes: Buffer): Buffer;
  /** @throws Error where the bytes are damaged or would grow above `bytesMax`. */
  decompress(bytes: Buffer, bytesMax: number): Buffer;
}

const LOADERS: Readonly<Record<Exclude<Compression, "none">, () => Promise<Codec>>> = {
  gzip: async () => (await import("./gzip-codec.js")).gzipCodec,
  snappy: async () => (await import("./snappy-codec.js")).snappyCodec,
  lz4: async () => (await import("./lz4-codec.js")).lz4Codec,
  zstd: async () => await (await import("./zstd-codec.js")).loadZstdCodec(),
};

const loaded = new Map<Compression, Codec>();

/** Before the first batch of this compression is encoded or decoded; loading twice does no harm. */
export async function loadCompression(compression: Compression): Promise<void> {
  if (compression === "none" || loaded.has(compression)) return;
  loaded.set(compression, await LOADERS[compression]());
}

export function isLoaded(compression: Compression): boolean {
  return compression === "none" || loaded.has(compression);
}

/** Null for none. */
export function codecOf(compression: Compression): Codec | null {
  if (compression === "none") return null;
  const codec = loaded.get(compression);
  if (codec === undefined) throw new Error(`codec ${compression} is not loaded: call loadCompression before`);
  return codec;
}

/** The compression of a batch's attributes; null where Kafka has none of this number. */
export function compressionOf(attributes: number): Compression | null {
  return NAMES[attributes & 0x07] ?? null;
}

const NAMES: readonly (Compression | undefined)[] = ["none", "gzip", "snappy", "lz4", "zstd"];
