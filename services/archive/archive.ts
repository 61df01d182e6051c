/**
 * An archive: a folder of segments, checkpoints of persons and bundles, and the manifest that names them.
 *
 * Owns: where files lie, what the manifest says of them.
 * Does not own: what goes into segments (archive-segments.ts), checkpoints (the judge), verifying (verify.ts).
 *
 * 1. A file is written, flushed, named, read back and compared before its line of the manifest makes it count. Killed in
 *    between, the next run writes it again.
 */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { flushFolder } from "../../platform/lifecycle/flush-folder.js";
import {
  ARCHIVE_FORMAT,
  type ArchivedTopic,
  archiveFolder,
  type BundleEntry,
  type CheckpointEntry,
  type SegmentEntry,
} from "../../schemas/archive.js";
import { Topic } from "../../schemas/topics.js";
import { ArchiveError, damaged } from "./archive-error.js";
import { Manifest } from "./manifest.js";

const FOLDER_FILE = "archive.json";
const MANIFEST_FILE = "manifest.ndjson";
/** So that names are in the order of the offsets. */
const OFFSET_DIGITS = 15;
const PARTITION_DIGITS = 5;
const TOPIC_NAMES = { [Topic.JOURNAL]: "journal", [Topic.DECISIONS]: "decisions" } as const;

export class Archive {
  private constructor(
    readonly folder: string,
    readonly partitions: number,
    readonly manifest: Manifest,
  ) {}

  /** For reading: nothing is changed. @throws ArchiveError. */
  static async open(folder: string): Promise<Archive> {
    const partitions = await partitionsOf(folder);
    if (partitions === null) throw noArchive(folder);
    return new Archive(folder, partitions, await Manifest.read(join(folder, MANIFEST_FILE)));
  }

  /** For going on; made where there is none. One process at a time. @throws ArchiveError. */
  static async openToAppend(folder: string, partitions: number): Promise<Archive> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await partitionsOf(folder);
    if (found === null) await makeFolder(folder, partitions);
    else if (found !== partitions)
      throw new ArchiveError(
        "FOREIGN",
        `${folder}: an archive of ${found} partitions, the journal has ${partitions}; name the folder of this journal's archive`,
      );
    return new Archive(folder, partitions, await Manifest.openToAppend(join(folder, MANIFEST_FILE)));
  }

  pathOf({ file }: { readonly file: string }): string {
    return join(this.folder, file);
  }

  /** Of a topic and partition, in order. */
  segments(topic: ArchivedTopic, partition: number): readonly SegmentEntry[] {
    return this.manifest.entries.filter(
      (entry): entry is SegmentEntry =>
        entry.kind === "segment" && entry.topic === topic && entry.partition === partition,
    );
  }

  /** Of a partition, in order. */
  checkpoints(partition: number): readonly CheckpointEntry[] {
    return this.manifest.entries.filter(
      (entry): entry is CheckpointEntry => entry.kind === "checkpoint" && entry.partition === partition,
    );
  }

  bundles(): readonly BundleEntry[] {
    return this.manifest.entries.filter((entry): entry is BundleEntry => entry.kind === "bundle");
  }

  /** Offset behind the last journal record of the partition that counts; 0 for none. */
  journalEnd(partition: number): number {
    return (this.segments(Topic.JOURNAL, partition).at(-1)?.last ?? -1) + 1;
  }

  async segmentFile(topic: ArchivedTopic, partition: number, first: number): Promise<string> {
    return this.madeFor(join(TOPIC_NAMES[topic], partitionName(partition), `${offsetName(first)}.segment`));
  }

  async checkpointFile(partition: number, position: number): Promise<string> {
    return this.madeFor(join("persons", partitionName(partition), `${offsetName(position)}.checkpoint`));
  }

  async bundleFile(hash: string): Promise<string> {
    return this.madeFor(join("bundles", `${hash}.json`));
  }

  private async madeFor(file: string): Promise<string> {
    const folder = dirname(this.pathOf({ file }));
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      await flushFolder(folder);
      await flushFolder(dirname(folder));
    }
    return file;
  }
}

function partitionName(partition: number): string {
  return String(partition).padStart(PARTITION_DIGITS, "0");
}

function offsetName(offset: number): string {
  return String(offset).padStart(OFFSET_DIGITS, "0");
}

/** null where there is no archive yet. */
async function partitionsOf(folder: string): Promise<number | null> {
  const path = join(folder, FOLDER_FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new ArchiveError("FOREIGN", `${path}: cannot be read (${code})`, { cause: error });
  }
  const parsed = archiveFolder.safeParse(jsonOf(text));
  if (!parsed.success || folderText(parsed.data.partitions, parsed.data.format) !== text)
    throw damaged(`${path}: byte 0`, "does not say what the archive is");
  if (parsed.data.format > ARCHIVE_FORMAT)
    throw new ArchiveError(
      "NEWER_VERSION",
      `${path}: an archive of format ${parsed.data.format}; this program reads ${ARCHIVE_FORMAT}: install the newer release`,
    );
  return parsed.data.partitions;
}

function folderText(partitions: number, format = ARCHIVE_FORMAT): string {
  return `${JSON.stringify({ product: "kadun-archive", format, partitions })}\n`;
}

async function makeFolder(folder: string, partitions: number): Promise<void> {
  const path = join(folder, FOLDER_FILE);
  await writeFile(`${path}.new`, folderText(partitions), { flush: true, mode: 0o600 });
  await rename(`${path}.new`, path);
  await flushFolder(path);
}

function noArchive(folder: string): ArchiveError {
  return new ArchiveError(
    "FOREIGN",
    `${folder}: no archive; name the folder that 'kadun archive FOLDER' wrote`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
