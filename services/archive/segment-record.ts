/**
 * A log's record as a segment holds it: f64 offset, f64 append time (epoch milliseconds), u16 length of the key, u16 length of
 * the header, key (UTF-8), header, value. Little-endian.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { damaged } from "./archive-error.js";

const FIXED_BYTES = 20;

export function encodeSegmentRecord({ offset, appendedAtMs, key, header, value }: LoggedRecord): Buffer {
  const keyBytes = Buffer.from(key, "utf8");
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeDoubleLE(offset, 0);
  fixed.writeDoubleLE(appendedAtMs, 8);
  fixed.writeUInt16LE(keyBytes.length, 16);
  fixed.writeUInt16LE(header.length, 18);
  return Buffer.concat([fixed, keyBytes, header, value]);
}

/** @throws ArchiveError DAMAGED. */
export function decodeSegmentRecord(bytes: Buffer, where: string): LoggedRecord {
  if (bytes.length < FIXED_BYTES) throw damaged(where, `a record of ${bytes.length} bytes`);
  const headerAt = FIXED_BYTES + bytes.readUInt16LE(16);
  const valueAt = headerAt + bytes.readUInt16LE(18);
  if (valueAt > bytes.length) throw damaged(where, "a record whose key and header are longer than it");
  return {
    offset: bytes.readDoubleLE(0),
    appendedAtMs: bytes.readDoubleLE(8),
    key: bytes.toString("utf8", FIXED_BYTES, headerAt),
    header: bytes.subarray(headerAt, valueAt),
    value: bytes.subarray(valueAt),
  };
}
