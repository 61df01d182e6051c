/**
 * zstd: Node's own from 22.15 on, before that a WebAssembly build (on Node 20 some 10 MB/s to decompress, 50 to
 * compress: for topics others write, not for one's own).
 */

import zlib from "node:zlib";
import type { Codec } from "./compression.js";
import { zstdContent } from "./zstd-frame.js";

/** Types of Node 20 do not have them. */
interface NativeZstd {
  readonly zstdCompressSync: (bytes: Buffer) => Buffer;
  readonly zstdDecompressSync: (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;
}

export async function loadZstdCodec(): Promise<Codec> {
  const native: object = zlib;
  return isNative(native) ? nativeCodec(native) : await loadWasmCodec();
}

function isNative(module: object): module is NativeZstd {
  return "zstdCompressSync" in module && "zstdDecompressSync" in module;
}

function nativeCodec({ zstdCompressSync, zstdDecompressSync }: NativeZstd): Codec {
  return {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, bytesMax) => zstdDecompressSync(bytes, { maxOutputLength: bytesMax }),
  };
}

/** Exported for tests: which of the two runs is Node's affair. */
export async function loadWasmCodec(): Promise<Codec> {
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  const zstd = await Zstd.load();
  return {
    compress: (bytes) => bufferOf(zstd.compress(bytes)),
    decompress(bytes, bytesMax) {
      const content = zstdContent(bytes);
      if (content.bytes > bytesMax)
        throw new RangeError(`grows to ${content.bytes} bytes, at most ${bytesMax} are taken`);
      if (content.bytes === 0) return Buffer.alloc(0);
      zstd.reset();
      const decompressed = bufferOf(zstd.decompressChunk(bytes, content.bytes));
      if (content.isExact ? decompressed.length !== content.bytes : decompressed.length === 0)
        throw new RangeError(`the frame gave ${decompressed.length} bytes of ${content.bytes}`);
      return decompressed;
    },
  };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
