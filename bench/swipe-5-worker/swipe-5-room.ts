/**
 * One partition of the job `swipe-5` in memory: raw messages in, the job's decisions as bytes out, judged by the product's
 * person table, records and `decide` under the job's five rules.
 *
 * Owns: the partition's persons, up to where it judged, skipping what their records include.
 * Does not own: reading, appending, checkpoints (services/detector/detector.ts).
 */

import type { LoggedRecord, PlacedRecord } from "../../platform/event-log/event-log.js";
import { viewOf } from "../../platform/event-log/packed-entries.js";
import type { PartitionOwnership, StateEntry } from "../../platform/state-store/state-store.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Judge } from "../../services/detector/decide.js";
import { DirtyPersons, dirtyEntry } from "../../services/detector/dirty-persons.js";
import { Feeds } from "../../services/detector/feeds.js";
import type { Room } from "../../services/detector/live-job.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import type { OutcomeSink } from "../../services/detector/outcome-log.js";
import type { PartitionState } from "../../services/detector/partition-state.js";
import { Person } from "../../services/detector/person/person.js";
import { PersonRecord } from "../../services/detector/person/person-record.js";
import { PersonTable } from "../../services/detector/person/person-table.js";
import { upgraded } from "../../services/detector/person/record-codec.js";
import { Swipe } from "../../services/detector/swipe.js";
import { DecisionWriter, verdictOf } from "../swipe-5/decision-writer.js";
import { BASE_MS } from "../swipe-5/generator.js";
import { lossReportOf } from "../swipe-5/loss-report.js";
import { JobMessage } from "../swipe-5/message.js";
import { personKey0, personKey1, readSwipe } from "../swipe-5/read-swipe.js";
import { GROUP_MAX } from "../swipe-5/swipe-5.js";

const KEY_DIGITS = 9;
/** Decisions name the job's rules only. */
const NO_HITS = 0;
const ZERO = 0x30;
/** Shared by the partitions of a process: nothing in them is waited for. */
const MESSAGES = Array.from({ length: GROUP_MAX }, () => new JobMessage());
const SWIPES = Array.from({ length: GROUP_MAX }, () => new Swipe());
const WRITER = new DecisionWriter();

export interface Swipe5RoomOptions {
  readonly ownership: PartitionOwnership;
  readonly bundle: DetectorBundle;
  /** psnNos of this partition. */
  readonly lost: readonly string[];
  readonly state: PartitionState | null;
  readonly personsExpected: number;
}

export class Swipe5Room implements Room {
  judgedOffset: number;
  readonly isBootstrapped = true;
  readonly running = null;
  private appendedAtMaxMs: number;
  private readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly writer = WRITER;
  private readonly messages = MESSAGES;
  private readonly swipes = SWIPES;
  private readonly verdicts = new Int32Array(GROUP_MAX);
  private readonly keys0 = new Uint32Array(GROUP_MAX);
  private readonly keys1 = new Uint32Array(GROUP_MAX);
  private readonly isJobs: boolean;
  private dirty: DirtyPersons;

  private constructor(
    private readonly options: Swipe5RoomOptions,
    /** Are there persons in the store who are not here? */
    private readonly mayBeStored: boolean,
  ) {
    const { bundle, state, personsExpected } = options;
    this.judgedOffset = state?.appliedOffset ?? -1;
    this.appendedAtMaxMs = state?.appendedAtMaxMs ?? 0;
    this.isJobs = bundle.rules.every(({ rule }) => rule.id.startsWith("S"));
    this.table = new PersonTable(personsExpected);
    this.record = new PersonRecord(this.table);
    this.judge = new Judge(new Person(this.record), bundle, new Feeds());
    this.dirty = new DirtyPersons(this.judgedOffset);
  }

  /** The losses come before the first swipe: the state of a checkpoint includes them. */
  static async open(options: Swipe5RoomOptions): Promise<Swipe5Room> {
    const { done } = await options.ownership.entries()[Symbol.asyncIterator]().next();
    const room = new Swipe5Room(options, done !== true);
    if (options.state === null) await room.reportLost();
    return room;
  }

  get dirtyCount(): number {
    return this.dirty.count;
  }

  state(): PartitionState {
    return {
      appliedOffset: this.judgedOffset,
      appendedAtMaxMs: this.appendedAtMaxMs,
      bundleHash: this.options.bundle.hash,
      activationSequence: 0,
      shadowBundleHash: null,
      engineVersion: ENGINE_VERSION,
      publishedBy: [],
      isBootstrapped: true,
      heartbeats: [],
    };
  }

  takeDirty(): DirtyPersons {
    const { dirty } = this;
    this.dirty = dirty.next(this.judgedOffset, this.table, this.record);
    return dirty;
  }

  copyPerson(dirty: DirtyPersons, index: number, target: Buffer, at: number): StateEntry | null {
    dirty.point(this.table, this.record, index);
    return dirtyEntry(this.record, target, at);
  }

  /** Nobody waits. */
  answer(): void {}

  async take(batch: readonly LoggedRecord[], sink: OutcomeSink): Promise<void> {
    const records = batch.map(placed);
    if (this.mayBeStored) await this.bringPersons(records);
    const nowMs = Date.now();
    for (let from = 0; from < records.length; from += GROUP_MAX) {
      const count = this.readGroup(records, from);
      for (let i = 0; i < count; i++) this.verdicts[i] = this.takeOne(i, records[from + i]!, sink);
      for (let i = 0; i < count; i++) this.addOne(i, records[from + i]!, nowMs, sink);
    }
  }

  /** Reads a few messages, then asks memory for the records of their persons together: see bench/swipe-5/swipe-5.ts. */
  private readGroup(records: readonly PlacedRecord[], from: number): number {
    const { messages, swipes, keys0, keys1 } = this;
    const count = Math.min(GROUP_MAX, records.length - from);
    for (let i = 0; i < count; i++) {
      const message = messages[i]!;
      const { source, valueAt, valueBytes } = records[from + i]!;
      message.read(source.bytes, valueAt, valueAt + valueBytes);
      keys0[i] = personKey0(message);
      keys1[i] = personKey1(message);
    }
    for (let i = 0; i < count; i++) readSwipe(swipes[i]!, messages[i]!, this.options.bundle.regions);
    this.table.fetch(keys0, keys1, count);
    return count;
  }

  /** @param place of the message in its group. @returns the verdict, NOT_WANTED where the log has it. */
  private takeOne(place: number, { offset, appendedAtMs }: PlacedRecord, sink: OutcomeSink): number {
    if (appendedAtMs > this.appendedAtMaxMs) this.appendedAtMaxMs = appendedAtMs;
    this.judgedOffset = offset;
    this.table.pointFetched(this.record, place, this.keys0[place]!, this.keys1[place]!, 0, 0);
    // Its decision is in the log.
    if (this.record.includesOffset() >= offset) return NOT_WANTED;
    const verdict = this.decide(this.swipes[place]!, offset);
    return sink.wants(offset, 0) ? verdict : NOT_WANTED;
  }

  private addOne(place: number, record: PlacedRecord, nowMs: number, sink: OutcomeSink): void {
    const { writer, verdicts } = this;
    if (verdicts[place] === NOT_WANTED) return;
    const { offset, source, keyAt, keyBytes } = record;
    writer.place(this.messages[place]!, verdicts[place]!, nowMs);
    sink.addParts(offset, 0, source, keyAt, keyBytes, writer.source, writer.start, writer.end - writer.start);
  }

  private decide(swipe: Swipe, offset: number): number {
    const { record, judge } = this;
    this.dirty.touch(record);
    const result = judge.decideSwipe(swipe);
    record.setIncludesOffset(offset);
    if (result.result === "reused") throw new Error(`eventId ${swipe.eventId} was used before`);
    if (!this.isJobs) return verdictOf(result.action, NO_HITS);
    return verdictOf(result.action, result.result === "judged" ? result.kept.hits : this.hitsKept(swipe));
  }

  private hitsKept(swipe: Swipe): number {
    const { person } = this.judge;
    return person.settles.findings(person.settles.find(swipe.eventId, swipe.idTag)).hits;
  }

  /** A checkpoint that was broken off may have stored some. */
  private async reportLost(): Promise<void> {
    const { table, record, dirty, judge } = this;
    const keys = this.options.lost.map((psnNo) => [
      Number(psnNo.slice(KEY_DIGITS)),
      Number(psnNo.slice(0, KEY_DIGITS)),
    ]);
    if (this.mayBeStored) await this.load(keys.map(([key0, key1]) => storeKeyOf(key0!, key1!)));
    for (const [index, [key0, key1]] of keys.entries()) {
      table.point(record, key0!, key1!, 0, 0);
      if (record.includesOffset() !== NOTHING) continue;
      dirty.touch(record);
      judge.decide(lossReportOf(this.options.lost[index]!), BASE_MS);
      record.setIncludesOffset(LOSSES_OFFSET);
    }
  }

  private async bringPersons(records: readonly PlacedRecord[]): Promise<void> {
    const unknown = new Set<string>();
    for (const record of records) {
      const key0 = digitsOf(record, KEY_DIGITS);
      const key1 = digitsOf(record, 0);
      if (!this.table.has(key0, key1, 0, 0)) unknown.add(storeKeyOf(key0, key1));
    }
    if (unknown.size > 0) await this.load([...unknown]);
  }

  private async load(keys: readonly string[]): Promise<void> {
    for (const stored of await this.options.ownership.load(keys)) {
      if (stored === null) continue;
      this.table.enterStored(this.record, upgraded(stored));
      this.dirty.loaded(this.record);
    }
  }
}

const NOTHING = -1;
const NOT_WANTED = -1;
/** After nothing, before the first message. */
const LOSSES_OFFSET = -0.5;
const NO_WORDS = "0".repeat(16);

/** Nine digits of a psnNo, the record's key, as read-swipe.ts takes them. */
function digitsOf({ source, keyAt }: PlacedRecord, from: number): number {
  let value = 0;
  for (let at = keyAt + from; at < keyAt + from + KEY_DIGITS; at++)
    value = (value * 10 + source.bytes[at]! - ZERO) | 0;
  return value >>> 0;
}

function storeKeyOf(key0: number, key1: number): string {
  return `${hex(key0)}${hex(key1)}${NO_WORDS}`;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

function placed(record: LoggedRecord): PlacedRecord {
  if ("source" in record) return record as PlacedRecord;
  const key = Buffer.from(record.key);
  const bytes = Buffer.concat([key, record.value]);
  return {
    ...record,
    source: { bytes, view: viewOf(bytes) },
    keyAt: 0,
    keyBytes: key.length,
    valueAt: key.length,
    valueBytes: record.value.length,
  };
}
