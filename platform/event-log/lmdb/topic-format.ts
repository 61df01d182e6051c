/** What a topic's directory says about itself: the format with the partition count, and the ends of the partitions. */

import type { Database } from "lmdb";
import { EventLogError } from "../event-log.js";
import { offsetOfKey } from "./record-envelope.js";
import type { TopicStoreOptions } from "./topic-store.js";

const FORMAT = 1;
const FORMAT_KEY = "format";
export const ENDS_KEY = "ends";

/**
 * Writes it for a new directory, else compares it. @returns false for a reader that came before the writer.
 * @throws EventLogError CORRUPT.
 */
export function agreeOnFormat(about: Database<Buffer, string>, options: TopicStoreOptions): boolean {
  const { topic, directory, partitions, readOnly } = options;
  const written = about.get(FORMAT_KEY);
  if (written === undefined) {
    if (readOnly) return false;
    about.transactionSync(() => {
      about.putSync(FORMAT_KEY, Buffer.from(JSON.stringify({ format: FORMAT, topic, partitions })));
      about.putSync(ENDS_KEY, encodeEnds(Array.from({ length: partitions }, () => 0)));
    });
    return true;
  }
  const found = parseFormat(written);
  if (found?.format === FORMAT && found.topic === topic && found.partitions === partitions) return true;
  throw new EventLogError("CORRUPT", `topic ${topic}: ${directory} ${formatFault(found, options)}`);
}

interface Format {
  readonly format: number;
  readonly topic: unknown;
  readonly partitions: unknown;
}

function parseFormat(written: Uint8Array): Format | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(written).toString("utf8"));
    if (typeof value !== "object" || value === null || !("format" in value)) return null;
    if (typeof value.format !== "number") return null;
    return {
      format: value.format,
      topic: "topic" in value ? value.topic : undefined,
      partitions: "partitions" in value ? value.partitions : undefined,
    };
  } catch {
    return null;
  }
}

function formatFault(found: Format | null, { topic, partitions }: TopicStoreOptions): string {
  if (found === null) return "does not say what it is; restore it from a copy";
  if (found.format > FORMAT)
    return `was written by a newer version (format ${found.format}, this one knows ${FORMAT}); install the newer version`;
  if (found.topic !== topic)
    return `holds topic ${String(found.topic)}; put the directories back where they belong`;
  return `has ${String(found.partitions)} partitions, ${partitions} were asked for; the number is fixed when a topic is made: ask for ${String(found.partitions)}, or begin with an empty directory`;
}

/** What LMDB holds must be what the ends say; anything else was not written by this code. */
export function checkEnds(
  databases: readonly Database<Buffer, Uint8Array>[],
  about: Database<Buffer, string>,
  options: TopicStoreOptions,
): void {
  const ends = decodeEnds(about.get(ENDS_KEY), options);
  for (const [partition, database] of databases.entries())
    for (const key of database.getKeys({ reverse: true, limit: 1 })) {
      if (offsetOfKey(key) + 1 === ends[partition]) continue;
      throw new EventLogError(
        "CORRUPT",
        `${options.topic}/${partition}: the last record is ${offsetOfKey(key)}, the end ${ends[partition]}; restore ${options.directory} from a copy`,
      );
    }
}

export function encodeEnds(ends: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(ends.length * 8);
  for (const [partition, end] of ends.entries()) bytes.writeDoubleBE(end, partition * 8);
  return bytes;
}

export function decodeEnds(
  bytes: Buffer | undefined,
  { topic, partitions, directory }: TopicStoreOptions,
): number[] {
  if (bytes?.length !== partitions * 8)
    throw new EventLogError("CORRUPT", `topic ${topic}: ${directory} has no ends; restore it from a copy`);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: partitions }, (_, partition) => view.readDoubleBE(partition * 8));
}
