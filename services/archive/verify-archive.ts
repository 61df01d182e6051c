/**
 * Is an archive what was written? Reads every byte of it; the first thing that is wrong is thrown, with file and position.
 *
 * 1. In the order of the manifest, whose own chain was checked when the archive was opened.
 * 2. Nothing is trusted that the detector would trust later: bodies, persons and bundles are checked by their own sums too.
 */

import {
  type BundleEntry,
  type CheckpointEntry,
  type ManifestEntry,
  NO_SHA256,
  type SegmentEntry,
} from "../../schemas/archive.js";
import { jsonOfBody, LogBodyError } from "../../schemas/log-body.js";
import { decodePosition, isAbove, Topic } from "../../schemas/topics.js";
import type { Archive } from "./archive.js";
import { ArchiveError, damaged } from "./archive-error.js";
import { bundleContent } from "./bundle-file.js";
import { CheckpointFile } from "./checkpoint-file.js";
import { segmentRecords } from "./segment-file.js";

/** What only others can tell; both throw with the reason. */
export interface ContentChecks {
  /** The content hash of a bundle's JSON. */
  readonly bundleHash: (content: string) => string;
  /** Is it a person's sealed record that includes no offset above the position? */
  readonly person: (value: Uint8Array, personKey: string, position: number) => void;
}

export interface VerifiedArchive {
  readonly partitions: number;
  readonly segments: number;
  readonly journalRecords: number;
  readonly outcomes: number;
  readonly checkpoints: number;
  readonly persons: number;
  readonly bundles: number;
  readonly bytes: number;
  /** SHA-256 of the manifest's last line. */
  readonly head: string;
}

/** @throws ArchiveError. */
export async function verifyArchive(
  archive: Archive,
  checks: ContentChecks,
  onEntry: (entry: ManifestEntry) => void = () => {},
): Promise<VerifiedArchive> {
  const verifying = new Verifying(archive, checks);
  for (const entry of archive.manifest.entries) {
    await verifying.entry(entry);
    onEntry(entry);
  }
  return verifying.result();
}

class Verifying {
  private readonly lastOf = new Map<string, SegmentEntry>();
  private readonly journalByLast = new Map<string, SegmentEntry>();
  private readonly bundles = new Set<string>();
  private readonly counts = { segments: 0, journalRecords: 0, outcomes: 0, checkpoints: 0, persons: 0 };
  private bytes = 0;

  constructor(
    private readonly archive: Archive,
    private readonly checks: ContentChecks,
  ) {}

  async entry(entry: ManifestEntry): Promise<void> {
    this.bytes += entry.bytes;
    switch (entry.kind) {
      case "segment":
        return this.segment(entry);
      case "checkpoint":
        return this.checkpoint(entry);
      case "bundle":
        return this.bundle(entry);
    }
  }

  result(): VerifiedArchive {
    const { partitions, manifest } = this.archive;
    return {
      partitions,
      ...this.counts,
      bundles: this.bundles.size,
      bytes: this.bytes,
      head: manifest.head,
    };
  }

  private async segment(entry: SegmentEntry): Promise<void> {
    const chain = `${entry.topic}/${entry.partition}`;
    const before = this.lastOf.get(chain) ?? null;
    this.checkChain(entry, before);
    await this.records(entry, before);
    this.lastOf.set(chain, entry);
    if (entry.topic === Topic.JOURNAL) this.journalByLast.set(`${entry.partition}/${entry.last}`, entry);
    this.counts.segments++;
  }

  private checkChain(entry: SegmentEntry, before: SegmentEntry | null): void {
    const path = this.archive.pathOf(entry);
    if (entry.previousSha256 !== (before?.sha256 ?? NO_SHA256))
      throw broken(path, "names another segment before it than the one that is");
    if (entry.topic === Topic.JOURNAL && entry.first !== (before?.last ?? -1) + 1)
      throw broken(path, `begins with record ${entry.first}, ${(before?.last ?? -1) + 1} belongs there`);
    for (const hash of entry.bundleHashes)
      if (!this.bundles.has(hash))
        throw broken(path, `activates bundle ${hash}, which no line before it names`);
  }

  private async records(entry: SegmentEntry, before: SegmentEntry | null): Promise<void> {
    const path = this.archive.pathOf(entry);
    const isJournal = entry.topic === Topic.JOURNAL;
    let last = before?.lastPosition ?? null;
    for await (const { offset, value, header } of segmentRecords(this.archive, entry)) {
      checkBody(`${path}: record ${offset}`, value);
      if (isJournal) this.counts.journalRecords++;
      else {
        const position = decodePosition(header);
        if (!isAbove(position, last)) throw broken(path, `outcome ${offset} was in a segment before`);
        last = position;
        this.counts.outcomes++;
      }
    }
    if (JSON.stringify(last) !== JSON.stringify(entry.lastPosition))
      throw damaged(path, "does not end with the outcome that the manifest names");
  }

  private async checkpoint(entry: CheckpointEntry): Promise<void> {
    const path = this.archive.pathOf(entry);
    const segment = this.journalByLast.get(`${entry.partition}/${entry.position}`);
    if (segment?.sha256 !== entry.segmentSha256)
      throw broken(path, `stands at record ${entry.position}, where no segment before it ends`);
    const file = await CheckpointFile.open(this.archive, entry);
    try {
      for await (const { personKey, value } of file.persons()) {
        this.checkPerson(path, personKey, value, entry.position);
        this.counts.persons++;
      }
    } finally {
      await file.close();
    }
    this.counts.checkpoints++;
  }

  private checkPerson(path: string, personKey: string, value: Uint8Array, position: number): void {
    try {
      this.checks.person(value, personKey, position);
    } catch (error) {
      throw damaged(`${path}: person ${personKey}`, messageOf(error));
    }
  }

  private async bundle(entry: BundleEntry): Promise<void> {
    const path = this.archive.pathOf(entry);
    const content = await bundleContent(this.archive, entry);
    const hash = hashOrReason(() => this.checks.bundleHash(content));
    if (hash !== entry.hash)
      throw damaged(path, `its content has the hash ${hash}, it is named ${entry.hash}`);
    this.bundles.add(entry.hash);
  }
}

function checkBody(where: string, value: Uint8Array): void {
  try {
    jsonOfBody(value);
  } catch (error) {
    if (error instanceof LogBodyError) throw damaged(where, error.message);
    throw error;
  }
}

function hashOrReason(hash: () => string): string {
  try {
    return hash();
  } catch (error) {
    return `(none: ${messageOf(error)})`;
  }
}

function broken(path: string, what: string): ArchiveError {
  return new ArchiveError(
    "CHAIN_BROKEN",
    `${path}: ${what}: a segment was taken out, added or moved; restore the archive from a copy`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
