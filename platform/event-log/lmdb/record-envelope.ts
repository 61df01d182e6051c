/**
 * One record as LMDB holds it: key = offset in 6 bytes, big-endian, so that the order of the bytes is the order of the
 * offsets; value = version 1, append time (8 bytes, double), length of key and of header (2 bytes each), key, header,
 * value.
 */

import {
  EventLogError,
  HEADER_BYTES_MAX,
  type LogEntry,
  type LoggedRecord,
  VALUE_BYTES_MAX,
} from "../event-log.js";

/** 2^48 records a partition: 80 years at 100,000 a second. */
const OFFSET_BYTES = 6;
const VERSION = 1;
const FIXED_BYTES = 13;
/** Its length is kept in two bytes; keys are tokens of 32 characters. */
export const RECORD_KEY_BYTES_MAX = 65_535;

export function offsetKey(offset: number): Buffer {
  const key = Buffer.allocUnsafe(OFFSET_BYTES);
  key.writeUIntBE(offset, 0, OFFSET_BYTES);
  return key;
}

export function offsetOfKey(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(0, OFFSET_BYTES);
}

/** The entries' envelopes, in one piece of memory that belongs to nobody else. */
export function encodeEnvelopes(entries: readonly LogEntry[], appendedAtMs: number): readonly Buffer[] {
  let bytes = 0;
  for (const entry of entries) bytes += envelopeBytes(entry);
  const memory = Buffer.allocUnsafeSlow(bytes);
  let begin = 0;
  return entries.map((entry) => {
    const envelope = memory.subarray(begin, begin + envelopeBytes(entry));
    begin += envelope.length;
    writeEnvelope(envelope, entry, appendedAtMs);
    return envelope;
  });
}

export function decodeRecord(offset: number, envelope: Uint8Array): LoggedRecord {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  if (bytes.length < FIXED_BYTES || bytes[0] !== VERSION)
    throw new EventLogError(
      "CORRUPT",
      `record ${offset}: an envelope of version ${bytes[0]}; ${VERSION} is known`,
    );
  const headerBegin = FIXED_BYTES + bytes.readUInt16BE(9);
  const valueBegin = headerBegin + bytes.readUInt16BE(11);
  return {
    offset,
    appendedAtMs: bytes.readDoubleBE(1),
    key: bytes.toString("utf8", FIXED_BYTES, headerBegin),
    header: bytes.subarray(headerBegin, valueBegin),
    value: bytes.subarray(valueBegin),
  };
}

/** @throws EventLogError VALUE_TOO_LARGE for the first entry above a limit. */
export function checkEntries(where: string, entries: readonly LogEntry[]): void {
  for (const [index, { key, value, header }] of entries.entries()) {
    if (
      value.length <= VALUE_BYTES_MAX &&
      header.length <= HEADER_BYTES_MAX &&
      Buffer.byteLength(key) <= RECORD_KEY_BYTES_MAX
    )
      continue;
    throw new EventLogError(
      "VALUE_TOO_LARGE",
      `${where}, entry ${index}: value of ${value.length}, header of ${header.length} and key of ${Buffer.byteLength(key)} bytes; at most ${VALUE_BYTES_MAX}, ${HEADER_BYTES_MAX} and ${RECORD_KEY_BYTES_MAX} are taken`,
    );
  }
}

function envelopeBytes({ key, value, header }: LogEntry): number {
  return FIXED_BYTES + Buffer.byteLength(key) + header.length + value.length;
}

function writeEnvelope(envelope: Buffer, { key, value, header }: LogEntry, appendedAtMs: number): void {
  const keyBytes = envelope.write(key, FIXED_BYTES, "utf8");
  envelope[0] = VERSION;
  envelope.writeDoubleBE(appendedAtMs, 1);
  envelope.writeUInt16BE(keyBytes, 9);
  envelope.writeUInt16BE(header.length, 11);
  envelope.set(header, FIXED_BYTES + keyBytes);
  envelope.set(value, FIXED_BYTES + keyBytes + header.length);
}
