/**
 * One partition in memory: its persons, its feeds, the bundle in force. Takes journal records in order.
 * `kadun replay` is one of these; the live loop (`detector.ts`) puts a log and a state store around it.
 *
 * 1. What it becomes is a function of the records taken and the records entered from a checkpoint.
 * 2. A person record says which offset it includes; `includes` tells the loop what a replay must not take again.
 */

import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord, PartitionRecordEvent } from "../../schemas/journal.js";
import type { Outcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import { Judge, type RecordRefused } from "./decide.js";
import { Feeds } from "./feeds.js";
import type { PartitionState } from "./partition-state.js";
import { Person } from "./person/person.js";
import { PersonRecord } from "./person/person-record.js";
import { PersonTable } from "./person/person-table.js";
import { upgraded } from "./person/record-codec.js";
import { appendedAt } from "./swipe.js";

/** An activation of a bundle that is not at hand. */
export interface ActivationRefused {
  readonly refused: "BUNDLE_UNKNOWN";
}

export interface PartitionOptions {
  /** By hash; activations choose among them. The one in force alone where absent. */
  readonly bundles?: ReadonlyMap<string, DetectorBundle>;
  readonly personsExpected?: number;
  /** Where a checkpoint left it. */
  readonly state?: PartitionState;
}

const PERSONS_EXPECTED = 1024;

export class Partition {
  private readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly feeds: Feeds;
  private readonly bundles: ReadonlyMap<string, DetectorBundle>;
  private bundleHash: string;
  private activation: number;
  private bootstrapped: boolean;

  constructor(bundle: DetectorBundle, { bundles, personsExpected, state }: PartitionOptions = {}) {
    this.table = new PersonTable(personsExpected ?? PERSONS_EXPECTED);
    this.record = new PersonRecord(this.table);
    this.feeds = new Feeds(state?.heartbeats);
    this.judge = new Judge(new Person(this.record), bundle, this.feeds);
    this.bundles = bundles ?? new Map([[bundle.hash, bundle]]);
    this.bundleHash = bundle.hash;
    this.activation = state?.activationSequence ?? -1;
    this.bootstrapped = state?.isBootstrapped ?? false;
  }

  get personCount(): number {
    return this.table.size;
  }

  get personBytes(): number {
    return this.table.bytesHeld;
  }

  /** Is the state of every card known, by a snapshot or because there is none to wait for? */
  get isBootstrapped(): boolean {
    return this.bootstrapped;
  }

  get activationSequence(): number {
    return this.activation;
  }

  get activeBundleHash(): string {
    return this.bundleHash;
  }

  /** What a checkpoint keeps besides the persons. */
  stateAt(appliedOffset: number, appendedAtMaxMs: number): PartitionState {
    return {
      appliedOffset,
      appendedAtMaxMs,
      bundleHash: this.bundleHash,
      activationSequence: this.activation,
      isBootstrapped: this.bootstrapped,
      heartbeats: this.feeds.entries(),
    };
  }

  /** Judges the record at `offset`, appended at `logAppendedAtMs`. */
  take(
    record: JournalRecord,
    offset: number,
    logAppendedAtMs: number,
  ): readonly Outcome[] | RecordRefused | ActivationRefused {
    if (!("personKey" in record)) return this.takePartitionRecord(record, logAppendedAtMs);
    this.pointAt(record.personKey);
    const outcomes = this.judge.decide(record, logAppendedAtMs);
    this.record.setIncludesOffset(offset);
    return outcomes;
  }

  private takePartitionRecord(
    record: PartitionRecordEvent,
    logAppendedAtMs: number,
  ): readonly Outcome[] | ActivationRefused {
    switch (record.type) {
      case "heartbeat": {
        const receivedAtMs = record.receivedAt === undefined ? null : parseInstantMs(record.receivedAt);
        this.feeds.beat(record.feedId, appendedAt(receivedAtMs, logAppendedAtMs));
        return NO_OUTCOMES;
      }
      case "activation": {
        // Sent again until every partition answered; an older one arriving late changes nothing.
        if (record.sequence <= this.activation) return NO_OUTCOMES;
        const bundle = this.bundles.get(record.bundleHash);
        if (bundle === undefined) return BUNDLE_UNKNOWN;
        this.judge.activate(bundle);
        this.bundleHash = bundle.hash;
        this.activation = record.sequence;
        return NO_OUTCOMES;
      }
      case "bootstrap":
        this.bootstrapped = true;
        return NO_OUTCOMES;
    }
  }

  /** Is the person's record in memory? */
  knows(personKey: string): boolean {
    return this.table.has(word(personKey, 0), word(personKey, 1), word(personKey, 2), word(personKey, 3));
  }

  /** Enters the stored record of a person not known yet. @throws PersonRecordError. */
  enter(stored: Uint8Array): void {
    this.table.enterStored(this.record, upgraded(stored));
  }

  /** Journal offset the person's record includes; −1 for a new person. */
  includedOffsetOf(personKey: string): number {
    this.pointAt(personKey);
    return this.record.includesOffset();
  }

  /** The sealed bytes of a person's record. */
  personBytesOf(personKey: string): Uint8Array {
    this.pointAt(personKey);
    return this.record.toBytes();
  }

  /** Every person's key, in no particular order. */
  *personKeys(): Generator<string> {
    for (const record of this.table.each(this.record)) yield record.personKey();
  }

  private pointAt(personKey: string): void {
    this.table.point(
      this.record,
      word(personKey, 0),
      word(personKey, 1),
      word(personKey, 2),
      word(personKey, 3),
    );
  }
}

/** A quarter of a personKey (32 hex digits). */
function word(personKey: string, index: number): number {
  return Number.parseInt(personKey.slice(8 * index, 8 * index + 8), 16);
}

const NO_OUTCOMES: readonly Outcome[] = [];
const BUNDLE_UNKNOWN: ActivationRefused = { refused: "BUNDLE_UNKNOWN" };
