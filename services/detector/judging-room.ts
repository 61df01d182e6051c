/**
 * The journal as one partition's detector takes it in: decodes records, brings persons from the store, judges.
 *
 * Owns: the partition in memory, up to where it judged, the running maximum of append times, skipping in a replay.
 * Does not own: reading the journal, appending outcomes, checkpoints (`detector.ts`).
 *
 * 1. Between two awaits either no record of a batch is judged or all are: whoever copies state sees whole batches.
 * 2. A record that its person's state already includes is skipped; its outcomes are in the decisions log.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership } from "../../platform/state-store/state-store.js";
import type { CanonicalActivation, JournalRecord } from "../../schemas/journal.js";
import type { DetectorBundle } from "./bundle.js";
import type { Decided } from "./decide.js";
import { DetectorError } from "./detector-error.js";
import type { BundleShelf } from "./detector-options.js";
import { type Engines, engineNames } from "./engine.js";
import type { HeldOutcomes } from "./held-outcomes.js";
import { JournalReading, type ReadRecord, recordOf } from "./journal-reading.js";
import type { JudgedRecord } from "./outcome-log.js";
import { Partition } from "./partition.js";
import type { PartitionState } from "./partition-state.js";
import { isAlwaysAnswered, stateAheadOfDecisions } from "./state-ahead.js";
import { SwipeBytes } from "./swipe-bytes/swipe-bytes.js";
import { loggedOutcomesOf, type SwipeTaken, type Taken } from "./taken.js";

export interface Judged extends JudgedRecord {
  readonly header: Uint8Array;
}

/** What activations choose among. */
export interface KnownJudges {
  readonly bundles: BundleShelf;
  readonly engines: Engines;
}

type Judges = Pick<CanonicalActivation, "bundleHash" | "engineVersion"> & {
  readonly shadowBundleHash?: string | null | undefined;
};

/** Takes what comes of a batch, record by record, in order. */
export interface JudgedTaker {
  /** May the record's decision be given as `decided`? */
  takesBytes(logged: LoggedRecord): boolean;
  took(judged: Judged): void;
  /** A decision that is to be written. It is valid until this returns, and so is the swipe. */
  decided(decided: Decided, swipe: SwipeBytes, journalOffset: number): void;
}

export class JudgingRoom {
  /** null until the first activation. */
  partition: Partition | null = null;
  judgedOffset: number;
  skipped = 0;
  private appendedAtMaxMs: number;
  private readonly reading = new JournalReading();
  private readonly loaded = new Map<string, DetectorBundle>();

  private constructor(
    private readonly ownership: PartitionOwnership,
    private readonly known: KnownJudges,
    private readonly held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ) {
    this.judgedOffset = state?.appliedOffset ?? -1;
    this.appendedAtMaxMs = state?.appendedAtMaxMs ?? 0;
  }

  /** Begins where a checkpoint ended, or before the first record. */
  static async open(
    ownership: PartitionOwnership,
    known: KnownJudges,
    held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ): Promise<JudgingRoom> {
    const room = new JudgingRoom(ownership, known, held, state);
    if (state !== null) {
      const { bundleHash, shadowBundleHash, engineVersion, appliedOffset } = state;
      const place = `its state as of offset ${appliedOffset}`;
      const bundle = await room.bundlesOf({ bundleHash, shadowBundleHash, engineVersion }, place);
      room.partition = room.newPartition(bundle, state);
    }
    return room;
  }

  /** State as of `judgedOffset`. */
  state(): PartitionState | null {
    return this.partition?.stateAt(this.judgedOffset, this.appendedAtMaxMs) ?? null;
  }

  /** Judges a batch; the persons whose records changed are told to `touched`. @throws DetectorError. */
  async take(
    batch: readonly LoggedRecord[],
    touched: (personKey: string) => void = () => {},
  ): Promise<readonly Judged[]> {
    const records = this.reading.readObjects(batch);
    const judged: Judged[] = [];
    await this.each(records, {
      touched,
      took: (each) => judged.push(each),
      decided: () => {
        throw new Error("a swipe was left where it lies");
      },
    });
    return judged;
  }

  /** The same for who takes what comes of each record at once. @throws DetectorError. */
  judge(batch: readonly LoggedRecord[], taker: JudgedTaker): Promise<void> {
    const records = this.reading.read(batch, (logged) => taker.takesBytes(logged));
    return this.each(records, taker);
  }

  private async each(
    records: readonly ReadRecord[],
    taker: Pick<JudgedTaker, "took" | "decided"> & { readonly touched?: (personKey: string) => void },
  ): Promise<void> {
    const partition = this.readyFor(records) ?? (await this.prepare(records));
    for (const each of records) {
      const { record, logged } = each;
      this.appendedAtMaxMs = Math.max(this.appendedAtMaxMs, logged.appendedAtMs);
      this.judgedOffset = logged.offset;
      if (isIncluded(partition, each)) {
        this.skipped++;
        continue;
      }
      const taken = this.judgeOne(partition, record, logged);
      if ("decided" in taken) {
        taker.decided(taken, record as SwipeBytes, logged.offset);
        continue;
      }
      const outcomes = loggedOutcomesOf(record, taken);
      const personKey = "personKey" in record ? record.personKey : null;
      if (personKey !== null) taker.touched?.(personKey);
      else if (outcomes.length === 0) continue;
      taker.took({
        journalOffset: logged.offset,
        personKey: personKey ?? NO_PERSON,
        outcomes,
        header: logged.header,
      });
    }
  }

  private judgeOne(
    partition: Partition,
    record: JournalRecord | SwipeBytes,
    logged: LoggedRecord,
  ): Taken | SwipeTaken {
    const { offset } = logged;
    if (!(record instanceof SwipeBytes)) return partition.take(record, offset, this.appendedAtMaxMs);
    return partition.takesSwipes
      ? partition.takeSwipe(record, record.personWords, offset, this.appendedAtMaxMs)
      : partition.take(recordOf(logged), offset, this.appendedAtMaxMs);
  }

  /** null where something has to be waited for: a bundle, a person of the store, whether the log answers what is skipped. */
  private readyFor(records: readonly ReadRecord[]): Partition | null {
    const { partition } = this;
    if (partition === null) return null;
    const isReady = records.every(
      (each) =>
        each.record.type !== "activation" &&
        (each.key === null || (partition.knows(each.key) && !isIncluded(partition, each))),
    );
    return isReady ? partition : null;
  }

  /** Everything a batch needs that has to be waited for. */
  private async prepare(records: readonly ReadRecord[]): Promise<Partition> {
    for (const { record, logged } of records)
      if (record.type === "activation") await this.prepareActivation(record, logged.offset);
    const first = records[0]!;
    if (this.partition === null) {
      if (first.record.type !== "activation")
        throw new DetectorError(
          "JOURNAL_WITHOUT_ACTIVATION",
          `journal partition ${this.ownership.partition} does not begin with an activation (offset ${first.logged.offset}); the journal is not one of Kadun's or its beginning is missing`,
        );
      this.partition = this.newPartition(await this.bundleOf(first.record.bundleHash));
    }
    await this.bringPersons(this.partition, records);
    await this.checkAnswered(this.partition, records);
    return this.partition;
  }

  private newPartition(bundle: DetectorBundle, state?: PartitionState): Partition {
    const { engines } = this.known;
    return new Partition(bundle, {
      bundles: this.loaded,
      engines,
      ...(state === undefined ? {} : { state }),
    });
  }

  private async prepareActivation(activation: CanonicalActivation, offset: number): Promise<void> {
    await this.bundlesOf(activation, `offset ${offset}`);
  }

  /** Checks the engine, loads the bundles. @returns the one in force. */
  private async bundlesOf(
    { bundleHash, shadowBundleHash, engineVersion }: Judges,
    place: string,
  ): Promise<DetectorBundle> {
    const { engines } = this.known;
    if (!engines.has(engineVersion))
      throw new DetectorError(
        "ENGINE_UNKNOWN",
        `journal partition ${this.ownership.partition}, ${place}: engine ${engineVersion} was activated; this program carries engine ${engineNames(engines)}: install a release that carries both`,
      );
    if (typeof shadowBundleHash === "string") await this.bundleOf(shadowBundleHash);
    return this.bundleOf(bundleHash);
  }

  private async bundleOf(hash: string): Promise<DetectorBundle> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return known;
    const bundle = await this.known.bundles.load(hash);
    if (bundle === null)
      throw new DetectorError(
        "BUNDLE_MISSING",
        `the journal activates bundle ${hash}, which is not stored beside it; restore it from the backup`,
      );
    this.loaded.set(hash, bundle);
    return bundle;
  }

  private async bringPersons(partition: Partition, records: readonly ReadRecord[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { record, key } of records)
      if ("personKey" in record && !partition.knows(key!)) unknown.add(record.personKey);
    if (unknown.size === 0) return;
    for (const stored of await this.ownership.load([...unknown]))
      if (stored !== null) partition.enter(stored);
  }

  /** What is skipped makes no outcome: the log must have it. Persons can be ahead of it where another owner stored them. */
  private async checkAnswered(partition: Partition, records: readonly ReadRecord[]): Promise<void> {
    const skipped = records.filter((each) => isAlwaysAnswered(each.record) && isIncluded(partition, each));
    const last = skipped.at(-1);
    if (last === undefined || (await this.held.reaches(last.logged.offset))) return;
    throw stateAheadOfDecisions(this.ownership.partition, last.logged.offset);
  }
}

function isIncluded(partition: Partition, { key, logged }: ReadRecord): boolean {
  return key !== null && partition.includedOffsetOf(key) >= logged.offset;
}

/** Key of outcomes that are about the whole partition. */
const NO_PERSON = "";
