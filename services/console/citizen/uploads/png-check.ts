/** The structure of a PNG, chunk by chunk with their checksums to its end: pure. */

import type { DocumentRefusal } from "./document-check.js";
import { hasMarkup, hasTooManyPixels } from "./image-limits.js";

const SIGNATURE_BYTES = 8;
/** Length, type, checksum. */
const CHUNK_FRAME_BYTES = 12;
const HEADER_BYTES = 13;
const TEXT_CHUNKS = new Set(["tEXt", "iTXt"]);
/** Each of 12 bytes, ten megabytes would be a million. */
const CHUNKS_MAX = 100_000;

export function checkPng(content: Buffer): DocumentRefusal | null {
  let at = SIGNATURE_BYTES;
  let hasData = false;
  for (let count = 0; count < CHUNKS_MAX; count++) {
    const chunk = chunkAt(content, at);
    if (chunk === null || (count === 0) !== (chunk.type === "IHDR")) return "damaged";
    at += CHUNK_FRAME_BYTES + chunk.data.length;
    const refusal = chunk.type === "IHDR" ? headerRefusal(chunk.data) : null;
    if (refusal !== null) return refusal;
    if (TEXT_CHUNKS.has(chunk.type) && hasMarkup(chunk.data)) return "something-inside";
    hasData ||= chunk.type === "IDAT";
    if (chunk.type === "IEND") {
      if (!hasData) return "damaged";
      return at === content.length ? null : "something-behind";
    }
  }
  return "damaged";
}

function headerRefusal(header: Buffer): DocumentRefusal | null {
  if (header.length !== HEADER_BYTES) return "damaged";
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (width === 0 || height === 0) return "damaged";
  return hasTooManyPixels(width, height) ? "too-many-pixels" : null;
}

function chunkAt(content: Buffer, at: number) {
  if (at + CHUNK_FRAME_BYTES > content.length) return null;
  const length = content.readUInt32BE(at);
  const end = at + 8 + length;
  if (end + 4 > content.length) return null;
  const type = content.toString("latin1", at + 4, at + 8);
  const isRight =
    /^[A-Za-z]{4}$/.test(type) && crc32(content.subarray(at + 4, end)) === content.readUInt32BE(end);
  return isRight ? { type, data: content.subarray(at + 8, end) } : null;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** Of ISO 3309, as PNG has it. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
