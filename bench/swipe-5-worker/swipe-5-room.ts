/**
 * One partition of the job `swipe-5` in memory: raw messages in, the job's decisions as bytes out, judged by the product's
 * person table, records and `decide` under the job's five rules.
 *
 * Owns: the partition's persons, up to where it judged, skipping what their records include.
 * Does not own: reading, appending, checkpoints (services/detector/detector.ts).
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership } from "../../platform/state-store/state-store.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Judge } from "../../services/detector/decide.js";
import { Feeds } from "../../services/detector/feeds.js";
import type { Room } from "../../services/detector/live-job.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import type { JudgedRecord } from "../../services/detector/outcome-log.js";
import type { PartitionState } from "../../services/detector/partition-state.js";
import { Person } from "../../services/detector/person/person.js";
import { PersonRecord } from "../../services/detector/person/person-record.js";
import { PersonTable } from "../../services/detector/person/person-table.js";
import { upgraded } from "../../services/detector/person/record-codec.js";
import { DecisionWriter, verdictOf } from "../swipe-5/decision-writer.js";
import { BASE_MS } from "../swipe-5/generator.js";
import { lossReportOf } from "../swipe-5/loss-report.js";
import { JobMessage } from "../swipe-5/message.js";
import { personKey0, personKey1, readSwipe } from "../swipe-5/read-swipe.js";

/** Enough to keep memory busy, few enough to stay in the first-level cache with their records. */
const GROUP_MAX = 16;
const KEY_DIGITS = 9;
/** An eventId of 64 characters, every rule, and the words around them. */
const DECISION_BYTES_MAX = 256;

export type Swipe5Judged = JudgedRecord<Uint8Array>;

export interface Swipe5RoomOptions {
  readonly ownership: PartitionOwnership;
  readonly bundle: DetectorBundle;
  /** psnNos of this partition. */
  readonly lost: readonly string[];
  readonly state: PartitionState | null;
  readonly personsExpected: number;
}

export class Swipe5Room implements Room<Swipe5Judged> {
  judgedOffset: number;
  readonly isBootstrapped = true;
  readonly running = null;
  private appendedAtMaxMs: number;
  private readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly writer = new DecisionWriter();
  private readonly messages = Array.from({ length: GROUP_MAX }, () => new JobMessage());
  private readonly keys0 = new Uint32Array(GROUP_MAX);
  private readonly keys1 = new Uint32Array(GROUP_MAX);
  private readonly lost: Set<string>;

  constructor(private readonly options: Swipe5RoomOptions) {
    const { bundle, state, personsExpected, lost } = options;
    this.judgedOffset = state?.appliedOffset ?? -1;
    this.appendedAtMaxMs = state?.appendedAtMaxMs ?? 0;
    this.table = new PersonTable(personsExpected);
    this.record = new PersonRecord(this.table);
    this.judge = new Judge(new Person(this.record), bundle, new Feeds());
    this.lost = new Set(lost);
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

  personBytesOf(personKey: string): Uint8Array {
    this.table.point(this.record, ...wordsOf(personKey));
    return this.record.toBytes();
  }

  async take(
    batch: readonly LoggedRecord[],
    touched: (personKey: string) => void,
  ): Promise<readonly Swipe5Judged[]> {
    await this.bringPersons(batch);
    const judged: Swipe5Judged[] = [];
    const decisions = new Uint8Array(batch.length * DECISION_BYTES_MAX);
    let at = 0;
    const nowMs = Date.now();
    for (let from = 0; from < batch.length; from += GROUP_MAX) {
      const count = this.readGroup(batch, from);
      for (let i = 0; i < count; i++) {
        const logged = batch[from + i]!;
        const verdict = this.decide(this.messages[i]!, logged);
        if (verdict === null) continue;
        const written = this.writer.write(this.messages[i]!, verdict, nowMs);
        decisions.set(written, at);
        const decision = decisions.subarray(at, at + written.length);
        at += written.length;
        touched(storeKeyOf(logged.key));
        judged.push({ journalOffset: logged.offset, personKey: logged.key, outcomes: [decision] });
      }
    }
    return judged;
  }

  private readGroup(batch: readonly LoggedRecord[], from: number): number {
    const { messages, keys0, keys1 } = this;
    const count = Math.min(GROUP_MAX, batch.length - from);
    for (let i = 0; i < count; i++) {
      const message = messages[i]!;
      const { value } = batch[from + i]!;
      message.read(value as Buffer);
      keys0[i] = personKey0(message);
      keys1[i] = personKey1(message);
    }
    this.table.fetch(keys0, keys1, count);
    return count;
  }

  /** null where the person's record includes it: its decision is in the log. */
  private decide(message: JobMessage, { key, offset, appendedAtMs }: LoggedRecord): number | null {
    const { record, judge } = this;
    this.appendedAtMaxMs = Math.max(this.appendedAtMaxMs, appendedAtMs);
    this.judgedOffset = offset;
    this.table.point(record, personKey0(message), personKey1(message), 0, 0);
    if (record.includesOffset() >= offset) return null;
    if (this.lost.has(key)) this.reportLost(key);
    readSwipe(judge.swipe, message, this.options.bundle.regions);
    const result = judge.decideSwipe();
    record.setIncludesOffset(offset);
    if (result.result === "reused") throw new Error(`eventId ${judge.swipe.eventId} was used before`);
    return verdictOf(result.action, result.result === "judged" ? result.kept.hits : this.hitsKept());
  }

  private hitsKept(): number {
    const { person, swipe } = this.judge;
    return person.settles.findings(person.settles.find(swipe.eventId, swipe.idTag)).hits;
  }

  /** Before the person's first swipe; a record that has one includes the report. */
  private reportLost(psnNo: string): void {
    this.lost.delete(psnNo);
    if (this.record.includesOffset() >= 0) return;
    this.judge.decide(lossReportOf(psnNo), BASE_MS);
  }

  private async bringPersons(batch: readonly LoggedRecord[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { key } of batch) if (!this.table.has(...jobWordsOf(key))) unknown.add(storeKeyOf(key));
    if (unknown.size === 0) return;
    for (const stored of await this.options.ownership.load([...unknown]))
      if (stored !== null) this.table.enterStored(this.record, upgraded(stored));
  }
}

type KeyWords = readonly [number, number, number, number];

/** As read-swipe.ts gives them. */
function jobWordsOf(psnNo: string): KeyWords {
  return [Number(psnNo.slice(KEY_DIGITS)) | 0, Number(psnNo.slice(0, KEY_DIGITS)) | 0, 0, 0];
}

/** 32 hexadecimal digits of the same words. */
function storeKeyOf(psnNo: string): string {
  const [word0, word1] = jobWordsOf(psnNo);
  return `${hex(word0)}${hex(word1)}0000000000000000`;
}

function wordsOf(storeKey: string): KeyWords {
  const word = (index: number) => Number.parseInt(storeKey.slice(8 * index, 8 * index + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
