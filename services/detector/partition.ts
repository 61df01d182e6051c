/**
 * One partition in memory: its persons, its feeds, the bundle and the engine in force. Takes journal records in order.
 * `kadun replay` is one of these; the live loop (`detector.ts`) puts a log and a state store around it.
 *
 * 1. What it becomes is a function of the records taken and the records entered from a checkpoint.
 * 2. A person record says which offset it includes; `includes` tells the loop what a replay must not take again.
 */

import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalActivation, JournalRecord, PartitionRecordEvent } from "../../schemas/journal.js";
import type { Outcome } from "../../schemas/outcomes.js";
import {
  type Activated,
  type ActivationRefused,
  activatedOf,
  answeredBefore,
  type Running,
  runningBy,
} from "./activation.js";
import type { DetectorBundle } from "./bundle.js";
import { type DirtyEntry, DirtyPersons, dirtyEntry } from "./dirty-persons.js";
import { ENGINES, type EngineJudge, type Engines, engineNames } from "./engine.js";
import { Eviction } from "./eviction.js";
import { Feeds } from "./feeds.js";
import { ENGINE_VERSION } from "./outcome.js";
import type { PartitionState } from "./partition-state.js";
import { Person } from "./person/person.js";
import { PersonRecord } from "./person/person-record.js";
import { PersonTable } from "./person/person-table.js";
import { upgraded } from "./person/record-codec.js";
import { appendedAt, type SwipeSource } from "./swipe.js";
import type { SwipeTaken, Taken } from "./taken.js";

export interface PartitionOptions {
  /** By hash; activations choose among them. The one in force alone where absent. */
  readonly bundles?: ReadonlyMap<string, DetectorBundle>;
  /** Activations choose among them; those that this program carries where absent. */
  readonly engines?: Engines;
  readonly personsExpected?: number;
  /** Where a checkpoint left it; the bundles and the engine that it names are at hand. */
  readonly state?: PartitionState;
}

const PERSONS_EXPECTED = 1024;

export class Partition {
  private readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly person: Person;
  private readonly feeds: Feeds;
  private readonly bundles: ReadonlyMap<string, DetectorBundle>;
  private readonly engines: Engines;
  /** By version: those that an activation has picked. */
  private readonly judges = new Map<string, EngineJudge>();
  private judge: EngineJudge;
  private goesBy: Running;
  private bootstrapped: boolean;
  private dirty: DirtyPersons;
  private readonly eviction: Eviction;

  /** @param bundle in force at once: the checkpoint's, or what a journal without an activation is judged by. */
  constructor(bundle: DetectorBundle, { bundles, engines, personsExpected, state }: PartitionOptions = {}) {
    this.table = new PersonTable(personsExpected ?? PERSONS_EXPECTED);
    this.record = new PersonRecord(this.table);
    this.person = new Person(this.record);
    this.eviction = new Eviction(this.table, this.record);
    this.feeds = new Feeds(state?.heartbeats);
    this.bundles = bundles ?? new Map([[bundle.hash, bundle]]);
    this.engines = engines ?? ENGINES;
    this.goesBy = {
      sequence: state?.activationSequence ?? -1,
      bundleHash: bundle.hash,
      shadowBundleHash: state?.shadowBundleHash ?? null,
      engineVersion: state?.engineVersion ?? ENGINE_VERSION,
      publishedBy: state?.publishedBy ?? [],
    };
    this.judge = this.judgeOf(this.goesBy, bundle);
    this.bootstrapped = state?.isBootstrapped ?? false;
    this.dirty = new DirtyPersons(state?.appliedOffset ?? -1);
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

  /** Since the last activation. */
  get running(): Running {
    return this.goesBy;
  }

  /** What a checkpoint keeps besides the persons. */
  stateAt(appliedOffset: number, appendedAtMaxMs: number): PartitionState {
    return {
      appliedOffset,
      appendedAtMaxMs,
      bundleHash: this.goesBy.bundleHash,
      activationSequence: this.goesBy.sequence,
      shadowBundleHash: this.goesBy.shadowBundleHash,
      engineVersion: this.goesBy.engineVersion,
      publishedBy: [...this.goesBy.publishedBy],
      isBootstrapped: this.bootstrapped,
      heartbeats: this.feeds.entries(),
    };
  }

  /** Judges the record at `offset`, appended at `logAppendedAtMs`. */
  take(record: JournalRecord, offset: number, logAppendedAtMs: number): Taken {
    if (!("personKey" in record)) return this.takePartitionRecord(record, logAppendedAtMs);
    this.pointAt(record.personKey);
    this.dirty.touch(this.record);
    const outcomes = this.judge.decide(record, logAppendedAtMs);
    this.record.setIncludesOffset(offset);
    return outcomes;
  }

  /** Does the engine in force judge swipes that are no records yet? */
  get takesSwipes(): boolean {
    return this.judge.decideSwipeOf !== undefined;
  }

  /** Judges the swipe at `offset`, of the person with these words as key, where `takesSwipes`. */
  takeSwipe(swipe: SwipeSource, key: KeyWords, offset: number, logAppendedAtMs: number): SwipeTaken {
    this.pointAtWords(key);
    this.dirty.touch(this.record);
    const outcomes = this.judge.decideSwipeOf!(swipe, logAppendedAtMs);
    this.record.setIncludesOffset(offset);
    return outcomes;
  }

  private takePartitionRecord(record: PartitionRecordEvent, logAppendedAtMs: number): Taken {
    switch (record.type) {
      case "heartbeat": {
        const receivedAtMs = record.receivedAt === undefined ? null : parseInstantMs(record.receivedAt);
        this.feeds.beat(record.feedId, appendedAt(receivedAtMs, logAppendedAtMs));
        return NO_OUTCOMES;
      }
      case "activation":
        return this.takeActivation(record);
      case "bootstrap":
        this.bootstrapped = true;
        return NO_OUTCOMES;
    }
  }

  /** Sent again until every partition answered; an older one arriving late changes nothing. */
  private takeActivation(record: CanonicalActivation): Activated | ActivationRefused {
    const wanted = runningBy(record);
    const answer = answeredBefore(wanted, this.goesBy);
    if (answer !== null) return answer;
    const { sequence, bundleHash, shadowBundleHash, engineVersion } = wanted;
    const bundle = this.bundles.get(bundleHash);
    if (bundle === undefined || (shadowBundleHash !== null && !this.bundles.has(shadowBundleHash)))
      return { refused: "BUNDLE_UNKNOWN", sequence };
    if (!this.engines.has(engineVersion)) return { refused: "ENGINE_UNKNOWN", sequence };
    this.judge = this.judgeOf(wanted, bundle);
    this.goesBy = wanted;
    return activatedOf(wanted);
  }

  private judgeOf({ shadowBundleHash, engineVersion }: Running, bundle: DetectorBundle): EngineJudge {
    const draft = shadowBundleHash === null ? null : this.bundles.get(shadowBundleHash);
    if (draft === undefined) throw new Error(`bundle ${shadowBundleHash} is not at hand`);
    const judge = this.judges.get(engineVersion) ?? this.newJudge(engineVersion, bundle);
    judge.activate(bundle, draft);
    return judge;
  }

  private newJudge(version: string, bundle: DetectorBundle): EngineJudge {
    const engine = this.engines.get(version);
    if (engine === undefined)
      throw new Error(`engine ${version} is not carried; known: ${engineNames(this.engines)}`);
    const judge = engine(this.person, bundle, this.feeds);
    this.judges.set(version, judge);
    return judge;
  }

  /** Is the person's record in memory? */
  knows(key: KeyWords): boolean {
    return this.table.has(key[0]!, key[1]!, key[2]!, key[3]!);
  }

  /** Enters the stored record of a person not known yet. @throws PersonRecordError. */
  enter(stored: Uint8Array): void {
    this.table.enterStored(this.record, upgraded(stored));
    this.dirty.loaded(this.record);
  }

  /** Persons changed since `takeDirty`. */
  get dirtyCount(): number {
    return this.dirty.count;
  }

  /** Those changed up to `judgedOffset`, the offset of the last record taken; from here on they are counted anew. */
  takeDirty(judgedOffset: number): DirtyPersons {
    const { dirty } = this;
    this.dirty = dirty.next(judgedOffset, this.table, this.record);
    return dirty;
  }

  /** The person's sealed record as it is now, copied into `target` from `at` on; null where it does not fit there. */
  copyPerson(dirty: DirtyPersons, index: number, target: Buffer, at: number): DirtyEntry | null {
    dirty.point(this.table, this.record, index);
    // Stored in place of the person's, an empty record would be the end of that history.
    if (this.record.includesOffset() < 0) throw new Error("a person to be stored is not in memory");
    return dirtyEntry(this.record, target, at);
  }

  /**
   * Lets persons go whom the store has as they are, where the records take more than `bytesMax`. Not within a batch.
   * @param storedOffset the store has all persons as of then, or later. @returns how many went.
   */
  evict(bytesMax: number, storedOffset: number): number {
    return this.eviction.turn(bytesMax, storedOffset);
  }

  /** Journal offset the person's record includes; −1 for a new person. */
  includedOffsetOf(key: KeyWords): number {
    this.pointAtWords(key);
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
    this.pointAtWords(keyWordsOf(personKey));
  }

  private pointAtWords(key: KeyWords): void {
    this.table.point(this.record, key[0]!, key[1]!, key[2]!, key[3]!);
  }
}

/** A personKey as four words of 32 bits. */
export type KeyWords = ArrayLike<number>;

export function keyWordsOf(personKey: string): KeyWords {
  return [word(personKey, 0), word(personKey, 1), word(personKey, 2), word(personKey, 3)];
}

/** A quarter of a personKey (32 hex digits). */
function word(personKey: string, index: number): number {
  return Number.parseInt(personKey.slice(8 * index, 8 * index + 8), 16);
}

const NO_OUTCOMES: readonly Outcome[] = [];
