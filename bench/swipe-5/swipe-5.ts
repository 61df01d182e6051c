/**
 * Job `swipe-5` judged by the product: its person table, its records, its `decide`, under the job's own rules; or, for
 * comparison, the same messages under another bundle, of whose answers the action is written.
 */

import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Judge } from "../../services/detector/decide.js";
import { Feeds } from "../../services/detector/feeds.js";
import { Person } from "../../services/detector/person/person.js";
import { PersonRecord } from "../../services/detector/person/person-record.js";
import { PersonTable } from "../../services/detector/person/person-table.js";
import { Swipe } from "../../services/detector/swipe.js";
import { DecisionWriter, verdictOf } from "./decision-writer.js";
import { BASE_MS } from "./generator.js";
import { isLost, type JobSwipe, psnNoOf } from "./job.js";
import { lossReportOf } from "./loss-report.js";
import { JobMessage } from "./message.js";
import { personKey0, personKey1, readFacts, readNames, readSwipe } from "./read-swipe.js";

/** Messages of a batch that are read and decided together: enough to keep memory busy, few enough to stay in a near cache. */
export const GROUP_MAX = 32;

/** Decisions name the job's rules only. */
const NO_HITS = 0;

/** Takes the answer that stands in `bytes` from `start` up to `end`. */
export type AnswerSink = (bytes: Uint8Array, start: number, end: number) => void;

/** Messages that lie in one piece of memory. */
export interface MessageBatch {
  readonly bytes: Buffer;
  start(index: number): number;
  end(index: number): number;
}

export class Swipe5 {
  readonly table: PersonTable;
  private readonly messages = Array.from({ length: GROUP_MAX }, () => new JobMessage());
  private readonly swipes = Array.from({ length: GROUP_MAX }, () => new Swipe());
  private readonly verdicts = new Int32Array(GROUP_MAX);
  private readonly keys0 = new Uint32Array(GROUP_MAX);
  private readonly keys1 = new Uint32Array(GROUP_MAX);
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly writer = new DecisionWriter();
  private readonly isJobs: boolean;
  private offset = 0;

  /** Reports the cards of lost persons among `persons`. */
  constructor(
    persons: number,
    private readonly bundle: DetectorBundle,
  ) {
    this.isJobs = bundle.rules.every(({ rule }) => rule.id.startsWith("S"));
    // Not told how many will come: its index grows on the way.
    this.table = new PersonTable();
    this.record = new PersonRecord(this.table);
    this.judge = new Judge(new Person(this.record), bundle, new Feeds());
    for (let person = 0; person < persons; person++) if (isLost(person)) this.reportLost(psnNoOf(person));
  }

  /** Takes a swipe into the state without answering it. */
  ingest(swipe: JobSwipe): void {
    const message = this.messages[0]!;
    message.load(swipe);
    this.decideAlone(message);
  }

  /**
   * One message in, which stands in `bytes` from `start` up to `end`; one decision out.
   * @throws where the message is not one of the job, or reuses an eventId.
   */
  handle(bytes: Buffer, nowMs: number, start = 0, end = bytes.length): Uint8Array {
    this.answer(bytes, nowMs, start, end, () => {});
    return this.writer.source.bytes.subarray(this.writer.start, this.writer.end);
  }

  /** The same; the decision is given where it was written. */
  answer(bytes: Buffer, nowMs: number, start: number, end: number, sink: AnswerSink): void {
    const message = this.messages[0]!;
    message.read(bytes, start, end);
    this.writer.place(message, this.decideAlone(message), nowMs);
    sink(this.writer.source.bytes, this.writer.start, this.writer.end);
  }

  /**
   * A batch of a topic, in order. A few messages at a time are read, then the records of their persons are asked for
   * together, then they are decided, then the decisions are written: memory answers a few requests as fast as one, and the
   * processor keeps the instructions of each step near while it repeats it.
   */
  handleBatch(batch: MessageBatch, from: number, end: number, now: () => number, sink: AnswerSink): void {
    for (let group = from; group < end; group += GROUP_MAX)
      this.handleGroup(batch, group, Math.min(GROUP_MAX, end - group), now(), sink);
  }

  private handleGroup(
    batch: MessageBatch,
    from: number,
    count: number,
    nowMs: number,
    sink: AnswerSink,
  ): void {
    const { messages, swipes, verdicts, keys0, keys1, table, record, writer } = this;
    for (let i = 0; i < count; i++) {
      const message = messages[i]!;
      message.read(batch.bytes, batch.start(from + i), batch.end(from + i));
      keys0[i] = personKey0(message);
      keys1[i] = personKey1(message);
    }
    for (let i = 0; i < count; i++) readSwipe(swipes[i]!, messages[i]!, this.bundle.regions);
    table.fetch(keys0, keys1, count);
    for (let i = 0; i < count; i++) {
      table.pointFetched(record, i, keys0[i]!, keys1[i]!, 0, 0);
      verdicts[i] = this.decide(swipes[i]!);
    }
    for (let i = 0; i < count; i++) {
      writer.place(messages[i]!, verdicts[i]!, nowMs);
      sink(writer.source.bytes, writer.start, writer.end);
    }
  }

  /** What memory is asked for is on its way while the next part of the message is read. */
  private decideAlone(message: JobMessage): number {
    const { table, judge, keys0, keys1 } = this;
    const key0 = personKey0(message);
    const key1 = personKey1(message);
    keys0[0] = key0;
    keys1[0] = key1;
    table.ask(key0, key1);
    readNames(judge.swipe, message);
    table.fetch(keys0, keys1, 1);
    readFacts(judge.swipe, message, this.bundle.regions);
    table.pointFetched(this.record, 0, key0, key1, 0, 0);
    return this.decide(judge.swipe);
  }

  /** The verdict (decision-writer.ts) on a swipe of the person whom the record points at. */
  private decide(swipe: Swipe): number {
    const { record, judge } = this;
    const result = judge.decideSwipe(swipe);
    record.setIncludesOffset(this.offset++);
    switch (result.result) {
      case "judged":
        return verdictOf(result.action, this.isJobs ? result.kept.hits : NO_HITS);
      case "repeat":
        return verdictOf(result.action, this.isJobs ? this.hitsKept(swipe) : NO_HITS);
      case "reused":
        throw new Error(`eventId ${swipe.eventId} was used before with other content`);
    }
  }

  /** Messages that the scanner left to the schema. */
  get slowMessages(): number {
    return this.messages.reduce((sum, message) => sum + message.slow, 0);
  }

  /** The rules that hit when the swipe came for the first time. */
  private hitsKept(swipe: Swipe): number {
    const { person } = this.judge;
    return person.settles.findings(person.settles.find(swipe.eventId, swipe.idTag)).hits;
  }

  private reportLost(psnNo: string): void {
    const { record, judge } = this;
    this.table.point(record, Number(psnNo.slice(9)), Number(psnNo.slice(0, 9)), 0, 0);
    const outcomes = judge.decide(lossReportOf(psnNo), BASE_MS);
    record.setIncludesOffset(this.offset++);
    if ("refused" in outcomes)
      throw new Error(`the loss report of ${psnNo} was refused: ${outcomes.refused}`);
    const [transition] = outcomes;
    if (transition?.type !== "transition" || transition.to !== "formal")
      throw new Error(`the loss report of ${psnNo} was not applied: ${JSON.stringify(transition)}`);
  }
}
