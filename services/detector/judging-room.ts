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
import { decodeJournalBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import { DetectorError } from "./detector-error.js";
import type { BundleShelf } from "./detector-options.js";
import type { HeldOutcomes } from "./held-outcomes.js";
import { ENGINE_VERSION } from "./outcome.js";
import type { JudgedRecord } from "./outcome-log.js";
import { Partition } from "./partition.js";
import type { PartitionState } from "./partition-state.js";
import { isAlwaysAnswered, stateAheadOfDecisions } from "./state-ahead.js";

export interface Judged extends JudgedRecord {
  readonly header: Uint8Array;
}

interface DecodedRecord {
  readonly record: JournalRecord;
  readonly logged: LoggedRecord;
}

export class JudgingRoom {
  /** null until the first activation. */
  partition: Partition | null = null;
  judgedOffset: number;
  skipped = 0;
  private appendedAtMaxMs: number;
  private readonly loaded = new Map<string, DetectorBundle>();

  private constructor(
    private readonly ownership: PartitionOwnership,
    private readonly bundles: BundleShelf,
    private readonly held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ) {
    this.judgedOffset = state?.appliedOffset ?? -1;
    this.appendedAtMaxMs = state?.appendedAtMaxMs ?? 0;
  }

  /** Begins where a checkpoint ended, or before the first record. */
  static async open(
    ownership: PartitionOwnership,
    bundles: BundleShelf,
    held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ): Promise<JudgingRoom> {
    const room = new JudgingRoom(ownership, bundles, held, state);
    if (state !== null) {
      const bundle = await room.bundleOf(state.bundleHash);
      room.partition = new Partition(bundle, { bundles: room.loaded, state });
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
    touched: (personKey: string) => void,
  ): Promise<readonly Judged[]> {
    const records = batch.map((logged) => ({ logged, record: decodeJournalBody(logged.value) }));
    const partition = await this.prepare(records);
    const judged: Judged[] = [];
    for (const { record, logged } of records) {
      this.appendedAtMaxMs = Math.max(this.appendedAtMaxMs, logged.appendedAtMs);
      this.judgedOffset = logged.offset;
      if (isIncluded(partition, record, logged.offset)) {
        this.skipped++;
        continue;
      }
      const outcomes = outcomesOf(record, partition.take(record, logged.offset, this.appendedAtMaxMs));
      if (!("personKey" in record)) continue;
      touched(record.personKey);
      judged.push({
        journalOffset: logged.offset,
        personKey: record.personKey,
        outcomes,
        header: logged.header,
      });
    }
    return judged;
  }

  /** Everything a batch needs that has to be waited for. */
  private async prepare(records: readonly DecodedRecord[]): Promise<Partition> {
    for (const { record, logged } of records)
      if (record.type === "activation") await this.prepareActivation(record, logged.offset);
    const first = records[0]!;
    if (this.partition === null) {
      if (first.record.type !== "activation")
        throw new DetectorError(
          "JOURNAL_WITHOUT_ACTIVATION",
          `journal partition ${this.ownership.partition} does not begin with an activation (offset ${first.logged.offset}); the journal is not one of Kadun's or its beginning is missing`,
        );
      this.partition = new Partition(await this.bundleOf(first.record.bundleHash), { bundles: this.loaded });
    }
    await this.bringPersons(this.partition, records);
    await this.checkAnswered(this.partition, records);
    return this.partition;
  }

  private async prepareActivation(activation: CanonicalActivation, offset: number): Promise<void> {
    if (activation.engineVersion !== ENGINE_VERSION)
      throw new DetectorError(
        "ENGINE_UNKNOWN",
        `journal partition ${this.ownership.partition}, offset ${offset}: engine ${activation.engineVersion} was activated; this program carries engine ${ENGINE_VERSION}: install a release that carries both`,
      );
    await this.bundleOf(activation.bundleHash);
  }

  private async bundleOf(hash: string): Promise<DetectorBundle> {
    const known = this.loaded.get(hash);
    if (known !== undefined) return known;
    const bundle = await this.bundles.load(hash);
    if (bundle === null)
      throw new DetectorError(
        "BUNDLE_MISSING",
        `the journal activates bundle ${hash}, which is not stored beside it; restore it from the backup`,
      );
    this.loaded.set(hash, bundle);
    return bundle;
  }

  private async bringPersons(partition: Partition, records: readonly DecodedRecord[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { record } of records)
      if ("personKey" in record && !partition.knows(record.personKey)) unknown.add(record.personKey);
    if (unknown.size === 0) return;
    for (const stored of await this.ownership.load([...unknown]))
      if (stored !== null) partition.enter(stored);
  }

  /** What is skipped makes no outcome: the log must have it. Persons can be ahead of it where another owner stored them. */
  private async checkAnswered(partition: Partition, records: readonly DecodedRecord[]): Promise<void> {
    const skipped = records.filter(
      ({ record, logged }) => isAlwaysAnswered(record) && isIncluded(partition, record, logged.offset),
    );
    const last = skipped.at(-1);
    if (last === undefined || (await this.held.reaches(last.logged.offset))) return;
    throw stateAheadOfDecisions(this.ownership.partition, last.logged.offset);
  }
}

function isIncluded(partition: Partition, record: JournalRecord, offset: number): boolean {
  return "personKey" in record && partition.includedOffsetOf(record.personKey) >= offset;
}

function outcomesOf(record: JournalRecord, result: ReturnType<Partition["take"]>): readonly LoggedOutcome[] {
  if (!("refused" in result)) return result;
  return [
    {
      type: "refused",
      eventId: "eventId" in record ? record.eventId : null,
      personKey: "personKey" in record ? record.personKey : null,
      code: result.refused,
    },
  ];
}
