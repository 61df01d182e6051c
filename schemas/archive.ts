/**
 * An archive of a journal: what its files say about themselves, and its manifest. docs/archive.md has the layout byte by byte.
 *
 * 1. A line of the manifest names the SHA-256 of the line before it, a segment that of the segment before it of its
 *    topic and partition: nothing can be taken out, added or moved without a break that is found.
 * 2. A file counts from the moment its line of the manifest is on the disk.
 */

import * as z from "zod";
import { Topic } from "./topics.js";

/** Changes when an older program could not read an archive any more. */
export const ARCHIVE_FORMAT = 1;
/** Before the first line, and before the first segment. */
export const NO_SHA256 = "0".repeat(64);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
const offset = z.number().int().min(0);

/** `archive.json`: what the folder is. */
export const archiveFolder = z.object({
  product: z.literal("kadun-archive"),
  format: z.number().int().min(1),
  partitions: z.number().int().min(1),
});

export const archivedPosition = z.object({ journalOffset: offset, sequence: offset });

const segmentFields = {
  kind: z.literal("segment"),
  topic: z.enum([Topic.JOURNAL, Topic.DECISIONS]),
  partition: offset,
  /** Offsets in the log of the first and the last record. Of decisions there may be gaps: repeats are left out. */
  first: offset,
  last: offset,
  count: z.number().int().min(1),
  /** SHA-256 of the segment before it of this topic and partition. */
  previousSha256: sha256,
  /** Bundles that activations in it name: they lie beside. */
  bundleHashes: z.array(sha256),
  /** Of decisions: the position of its last record; null of the journal. */
  lastPosition: archivedPosition.nullable(),
  /** Append times of the first and the last record, epoch milliseconds. */
  firstAppendedAtMs: z.number(),
  lastAppendedAtMs: z.number(),
};

/** First part of a segment's file. */
export const segmentHeader = z.object({ format: z.number().int().min(1), ...segmentFields });

const checkpointFields = {
  kind: z.literal("checkpoint"),
  partition: offset,
  /** Offset of the last journal record that it includes: the last of a segment. */
  position: offset,
  /** SHA-256 of that segment. */
  segmentSha256: sha256,
  /** The detector's partition record as of there, base64. */
  state: z.string(),
};

/** First part of a checkpoint's file. */
export const checkpointHeader = z.object({ format: z.number().int().min(1), ...checkpointFields });

const file = {
  /** Relative to the archive's folder. */
  file: z.string(),
  bytes: z.number().int().min(1),
  sha256,
};

export const segmentEntry = z.object({ ...segmentFields, ...file });
const { state: _, ...checkpointOutline } = checkpointFields;
export const checkpointEntry = z.object({ ...checkpointOutline, persons: offset, ...file });
export const bundleEntry = z.object({ kind: z.literal("bundle"), hash: sha256, ...file });

export const manifestEntry = z.discriminatedUnion("kind", [segmentEntry, checkpointEntry, bundleEntry]);

/** A line of `manifest.ndjson`. */
export const manifestLine = z.object({
  line: z.number().int().min(1),
  /** SHA-256 of the line before it, without its line feed. */
  previousSha256: sha256,
  entry: manifestEntry,
});

export type ArchiveFolderFile = z.infer<typeof archiveFolder>;
export type SegmentHeader = z.infer<typeof segmentHeader>;
export type CheckpointHeader = z.infer<typeof checkpointHeader>;
export type SegmentEntry = z.infer<typeof segmentEntry>;
export type CheckpointEntry = z.infer<typeof checkpointEntry>;
export type BundleEntry = z.infer<typeof bundleEntry>;
export type ManifestEntry = z.infer<typeof manifestEntry>;
export type ManifestLine = z.infer<typeof manifestLine>;
export type ArchivedTopic = SegmentEntry["topic"];
