/**
 * Judges a partition of an archive again, from its first record or from a checkpoint on, and compares what comes of it with
 * the archived outcomes byte for byte, and with every checkpoint that it passes person for person.
 *
 * Owns: the judge's memory of that partition.
 * Does not own: the files, and whether a difference is a failure (the caller's).
 *
 * 1. Nothing but the archive goes in: no log, no store, no clock.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { CheckpointEntry, SegmentEntry } from "../../schemas/archive.js";
import { Topic } from "../../schemas/topics.js";
import type { Archive } from "../../services/archive/archive.js";
import { CheckpointFile } from "../../services/archive/checkpoint-file.js";
import { segmentRecords } from "../../services/archive/segment-file.js";
import type { BundleShelf } from "../../services/detector/detector-options.js";
import { ENGINES, type Engines } from "../../services/detector/engine.js";
import { JudgingRoom } from "../../services/detector/judging-room.js";
import { decodePartitionState, encodePartitionState } from "../../services/detector/partition-state.js";
import { upgraded } from "../../services/detector/person/record-codec.js";
import { ArchivedOutcomes } from "./archived-outcomes.js";
import { CheckpointPersons } from "./checkpoint-persons.js";

/** Judged without a pause, a few milliseconds. */
const BATCH_RECORDS = 500;
/** Everything below what is judged is answered: the archive holds it. */
const ALL_HELD = { reaches: async () => true };

export interface PartitionReplay {
  readonly archive: Archive;
  readonly partition: number;
  readonly bundles: BundleShelf;
  /** Begins behind it; null: with the first record. */
  readonly from: CheckpointEntry | null;
  readonly engines?: Engines;
  readonly onRecords?: (count: number) => void;
}

export interface ReplayedPartition {
  readonly partition: number;
  /** Offset of the first record judged. */
  readonly first: number;
  readonly records: number;
  /** Compared with archived ones, and equal. */
  readonly outcomes: number;
  readonly unansweredActivations: number;
  /** Passed, and equal person for person. */
  readonly checkpoints: number;
  readonly persons: number;
  /** What differs first, with its place; null where nothing does. */
  readonly difference: string | null;
}

/** Resolves with the replay as far as its first difference. @throws ArchiveError, DetectorError. */
export async function replayPartition(options: PartitionReplay): Promise<JudgedPartition> {
  const { archive, partition, from } = options;
  const base = await CheckpointPersons.open(archive, partition, from);
  const known = { bundles: options.bundles, engines: options.engines ?? ENGINES };
  const room = await JudgingRoom.open(base, known, ALL_HELD, base.state);
  const judged = new JudgedPartition(options, base, room);
  await judged.run();
  return judged;
}

export class JudgedPartition {
  private readonly touched = new Set<string>();
  private readonly outcomes: ArchivedOutcomes;
  private readonly first: number;
  private records = 0;
  private checkpoints = 0;
  private difference: string | null = null;

  constructor(
    private readonly options: PartitionReplay,
    private readonly base: CheckpointPersons,
    private readonly room: JudgingRoom,
  ) {
    const { archive, partition } = options;
    this.first = room.judgedOffset + 1;
    this.outcomes = new ArchivedOutcomes(archive, partition, room.judgedOffset);
  }

  get result(): ReplayedPartition {
    const { first, records, checkpoints, difference } = this;
    const { compared: outcomes, unanswered: unansweredActivations } = this.outcomes;
    const { partition } = this.options;
    const persons = this.personKeys().length;
    return { partition, first, records, outcomes, unansweredActivations, checkpoints, persons, difference };
  }

  /** Offset of the last record judged, −1 for none. */
  get position(): number {
    return this.room.judgedOffset;
  }

  /** The detector's partition record as of `position`. */
  get state(): Uint8Array {
    const state = this.room.state();
    if (state === null) throw new Error("nothing was judged");
    return encodePartitionState(state);
  }

  /** Everybody known as of `position`, in the order of their keys. */
  async *persons(): AsyncGenerator<{ readonly personKey: string; readonly value: Uint8Array }> {
    for (const personKey of this.personKeys()) yield { personKey, value: this.valueOf(personKey)! };
  }

  async run(): Promise<void> {
    try {
      for (const entry of this.segments()) {
        if (this.difference !== null) return;
        await this.segment(entry);
      }
      this.difference ??= await this.outcomes.end();
    } finally {
      await this.outcomes.close();
    }
  }

  private segments(): readonly SegmentEntry[] {
    const { archive, partition } = this.options;
    return archive.segments(Topic.JOURNAL, partition).filter(({ last }) => last >= this.first);
  }

  private async segment(entry: SegmentEntry): Promise<void> {
    let batch: LoggedRecord[] = [];
    for await (const record of segmentRecords(this.options.archive, entry)) {
      if (this.difference !== null) return;
      batch.push(record);
      if (batch.length < BATCH_RECORDS) continue;
      await this.batch(batch);
      batch = [];
    }
    if (batch.length > 0) await this.batch(batch);
    const passed = this.checkpointAt(entry.last);
    if (passed !== undefined && this.difference === null) await this.checkpoint(passed);
  }

  private async batch(batch: readonly LoggedRecord[]): Promise<void> {
    const judged = await this.room.take(batch, (personKey) => this.touched.add(personKey));
    this.records += batch.length;
    this.options.onRecords?.(batch.length);
    for (const each of judged) {
      this.difference = await this.outcomes.compare(each);
      if (this.difference !== null) return;
    }
  }

  private checkpointAt(position: number): CheckpointEntry | undefined {
    const { archive, partition } = this.options;
    return archive.checkpoints(partition).find((entry) => entry.position === position);
  }

  private async checkpoint(entry: CheckpointEntry): Promise<void> {
    const file = await CheckpointFile.open(this.options.archive, entry);
    const place = `partition ${entry.partition}, checkpoint behind offset ${entry.position}`;
    try {
      let count = 0;
      for await (const { personKey, value } of file.persons()) {
        count++;
        const own = this.valueOf(personKey);
        if (own !== null && Buffer.from(upgraded(value)).equals(upgraded(own))) continue;
        this.difference = `${place}: person ${personKey}: ${own === null ? "is not known" : "has another record"}`;
        return;
      }
      if (count !== this.personKeys().length)
        this.difference = `${place}: ${count} persons are archived, ${this.personKeys().length} are known`;
      else if (!Buffer.from(encodePartitionState(decodePartitionState(file.state))).equals(this.state))
        this.difference = `${place}: the partition's own state differs`;
      else this.checkpoints++;
    } finally {
      await file.close();
    }
  }

  private valueOf(personKey: string): Uint8Array | null {
    if (this.touched.has(personKey)) return this.room.partition!.personBytesOf(personKey);
    return this.base.values.get(personKey) ?? null;
  }

  private personKeys(): readonly string[] {
    return [...new Set([...this.base.values.keys(), ...this.touched])].sort();
  }
}
