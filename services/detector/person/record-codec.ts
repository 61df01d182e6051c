/** Stored bytes → a record that can be worked on: version upgrades, then checks of everything that is trusted later. */

import { crc32c } from "../../../schemas/crc32c.js";
import {
  HEADER_BYTES,
  OFFSET_CRC,
  OFFSET_SECTIONS,
  OFFSET_VERSION,
  RECORD_BYTES_MAX,
  RECORD_VERSION,
  SECTION_COUNT,
} from "./layout.js";
import { PersonRecord, type RecordHome } from "./person-record.js";

/** Turns the bytes of one version into the bytes of the next. */
export type Upgrade = (bytes: Uint8Array) => Uint8Array;

/** By the version they start from. Version 1 is the first; the next layout adds `1: upgradeFromV1` here. */
export const UPGRADES: Readonly<Record<number, Upgrade>> = {};

export class PersonRecordError extends Error {
  override readonly name = "PersonRecordError";
  readonly retryable = false;
  constructor(
    readonly code: "CORRUPT" | "NEWER_VERSION",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Checks and upgrades stored bytes.
 * @throws PersonRecordError CORRUPT where the CRC or the section table is wrong, NEWER_VERSION where this
 *   program is older than the record.
 */
export function upgraded(
  bytes: Uint8Array,
  upgrades: Readonly<Record<number, Upgrade>> = UPGRADES,
): Uint8Array {
  let current = bytes;
  verify(current);
  for (
    let version = current[OFFSET_VERSION]!;
    version !== RECORD_VERSION;
    version = current[OFFSET_VERSION]!
  ) {
    const upgrade = upgrades[version];
    if (upgrade === undefined)
      throw new PersonRecordError(
        "NEWER_VERSION",
        `person record of version ${version}; this program reads up to ${RECORD_VERSION}: install the newer release`,
      );
    current = upgrade(current);
    verify(current);
  }
  checkSections(current);
  return current;
}

function verify(bytes: Uint8Array): void {
  if (bytes.length < HEADER_BYTES || bytes.length > RECORD_BYTES_MAX)
    throw new PersonRecordError("CORRUPT", `person record of ${bytes.length} bytes`);
  // Not `slice`: a Buffer's gives the same memory, for a small one that of a pool shared with others.
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  const stored = view.getUint32(OFFSET_CRC, true);
  view.setUint32(OFFSET_CRC, 0, true);
  if (crc32c(copy) !== stored)
    throw new PersonRecordError(
      "CORRUPT",
      "person record fails its CRC32C: restore the checkpoint and replay",
    );
}

function checkSections(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let before = HEADER_BYTES;
  for (let section = 0; section <= SECTION_COUNT; section++) {
    const offset = view.getUint16(OFFSET_SECTIONS + 2 * section, true);
    if (offset < before)
      throw new PersonRecordError("CORRUPT", `section ${section} starts before its neighbour`);
    before = offset;
  }
  if (before !== bytes.length)
    throw new PersonRecordError("CORRUPT", `sections end at ${before}, the record at ${bytes.length}`);
}

/** A record standing alone in memory of its own, grown by doubling. */
export function standaloneRecord(stored?: Uint8Array): PersonRecord {
  const record = new PersonRecord(STANDALONE_HOME);
  const content = stored === undefined ? EMPTY : upgraded(stored);
  STANDALONE_HOME.grow(record, 0, Math.max(512, content.length));
  if (stored === undefined) record.clear(0, 0, 0, 0);
  else record.bytes.set(content);
  return record;
}

const EMPTY = new Uint8Array(0);

const STANDALONE_HOME: RecordHome = {
  grow(record, bytesUsed, bytesNeeded) {
    const capacity = 2 ** Math.ceil(Math.log2(bytesNeeded));
    const bytes = new Uint8Array(capacity);
    bytes.set(record.bytes.subarray(record.base, record.base + bytesUsed));
    record.point(bytes, new DataView(bytes.buffer), 0, capacity);
  },
};
