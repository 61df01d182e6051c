/**
 * Checkpoints: all persons of a partition as of a journal offset. An item is the personKey (16 bytes), the SHA-256 of the
 * person's record (32 bytes) and the record, sealed as the detector keeps it; in the order of the keys.
 */

import { createHash } from "node:crypto";
import {
  ARCHIVE_FORMAT,
  type CheckpointEntry,
  type CheckpointHeader,
  checkpointHeader,
} from "../../schemas/archive.js";
import type { Archive } from "./archive.js";
import { damaged } from "./archive-error.js";
import { BlockFile } from "./block-file.js";
import { checkWhole } from "./check-whole.js";
import { writeBlockFile } from "./write-block-file.js";

const KEY_BYTES = 16;
const SHA256_BYTES = 32;
const VALUE_AT = KEY_BYTES + SHA256_BYTES;

export interface ArchivedPerson {
  readonly personKey: string;
  /** Sealed record. */
  readonly value: Uint8Array;
}

export interface NewCheckpoint {
  readonly partition: number;
  readonly position: number;
  readonly segmentSha256: string;
  /** The detector's partition record. */
  readonly state: Uint8Array;
}

/** Writes it, reads it back, and makes it count. Persons in the order of their keys, once each. @throws ArchiveError. */
export async function addCheckpoint(
  archive: Archive,
  { partition, position, segmentSha256, state }: NewCheckpoint,
  persons: AsyncIterable<ArchivedPerson>,
): Promise<CheckpointEntry> {
  const outline = { kind: "checkpoint", partition, position, segmentSha256 } as const;
  const file = await archive.checkpointFile(partition, position);
  const header: CheckpointHeader = {
    format: ARCHIVE_FORMAT,
    ...outline,
    state: Buffer.from(state).toString("base64"),
  };
  const written = await writeBlockFile(archive.pathOf({ file }), header, encoded(persons));
  const { bytes, sha256, items } = written;
  const entry: CheckpointEntry = { ...outline, persons: items, file, bytes, sha256 };
  const reading = await CheckpointFile.open(archive, entry);
  try {
    for await (const _ of reading.persons());
  } finally {
    await reading.close();
  }
  await archive.manifest.append(entry);
  return entry;
}

export class CheckpointFile {
  private constructor(
    private readonly path: string,
    private readonly entry: CheckpointEntry,
    private readonly file: BlockFile,
    /** The detector's partition record. */
    readonly state: Uint8Array,
  ) {}

  /** @throws ArchiveError MISSING, DAMAGED. */
  static async open(archive: Archive, entry: CheckpointEntry): Promise<CheckpointFile> {
    const path = archive.pathOf(entry);
    const file = await BlockFile.open(path);
    try {
      const { state } = checkedHeader(path, file.header.value, entry);
      return new CheckpointFile(path, entry, file, Buffer.from(state, "base64"));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Once, in the order of their keys, each checked. @throws ArchiveError DAMAGED. */
  async *persons(): AsyncGenerator<ArchivedPerson> {
    let before = "";
    let count = 0;
    for await (const { bytes, where, index } of this.file.items()) {
      const person = decoded(bytes, `${where}: person ${index}`);
      if (person.personKey <= before)
        throw damaged(`${where}: person ${index}`, `${person.personKey} does not follow ${before}`);
      yield person;
      before = person.personKey;
      count++;
    }
    checkWhole(this.path, this.file.read, this.entry);
    if (count !== this.entry.persons)
      throw damaged(this.path, `${count} persons, the manifest says ${this.entry.persons}`);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function checkedHeader(path: string, header: unknown, entry: CheckpointEntry): CheckpointHeader {
  const parsed = checkpointHeader.safeParse(header);
  if (!parsed.success) throw damaged(`${path}: header`, "is none of a checkpoint");
  const { partition, position, segmentSha256 } = parsed.data;
  const isSame =
    partition === entry.partition && position === entry.position && segmentSha256 === entry.segmentSha256;
  if (!isSame) throw damaged(`${path}: header`, "does not say what the manifest says of this file");
  return parsed.data;
}

async function* encoded(persons: AsyncIterable<ArchivedPerson>): AsyncGenerator<Buffer> {
  for await (const { personKey, value } of persons)
    yield Buffer.concat([Buffer.from(personKey, "hex"), sha256Of(value), value]);
}

function decoded(bytes: Buffer, where: string): ArchivedPerson {
  if (bytes.length < VALUE_AT) throw damaged(where, `${bytes.length} bytes are no person`);
  const personKey = bytes.toString("hex", 0, KEY_BYTES);
  const value = bytes.subarray(VALUE_AT);
  if (!sha256Of(value).equals(bytes.subarray(KEY_BYTES, VALUE_AT)))
    throw damaged(where, `the record of ${personKey} has another SHA-256`);
  return { personKey, value };
}

function sha256Of(value: Uint8Array): Buffer {
  return createHash("sha256").update(value).digest();
}
