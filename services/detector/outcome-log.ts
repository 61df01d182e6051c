/**
 * The decisions log as one partition's detector writes it.
 *
 * Owns: the queue and its one append in flight, suppression of outcomes that the log already holds, knowing up to where outcomes are safe.
 * Does not own: the producer (shared by the partitions of a process), how far the log is on assignment, judging.
 *
 * 1. Outcomes are appended in journal order without a gap: what fails ends the detector, nothing is sent behind it.
 * 2. Outcomes at or below the highest position found (held-outcomes.ts) are not appended again: a crash came after their
 *    append, or another owner has the partition.
 * 3. A state may be stored only once all outcomes it includes are durable here (`durableUpTo`): a replay skips what
 *    the state includes, and would never make those outcomes again.
 */

import type { LogProducer } from "../../platform/event-log/event-log.js";
import { type ByteSource, PackedEntries, viewOf } from "../../platform/event-log/packed-entries.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { isAbove, POSITION_BYTES, writePosition } from "../../schemas/topics.js";
import type { HeldOutcomes } from "./held-outcomes.js";

/** What one journal record led to. */
export interface JudgedRecord {
  readonly journalOffset: number;
  readonly personKey: string;
  readonly outcomes: readonly LoggedOutcome[];
}

/** Takes outcomes in the order of the journal. */
export interface OutcomeSink {
  /** Is the outcome missing in the log? Only then it is to be added. */
  wants(journalOffset: number, sequence: number): boolean;
  add(journalOffset: number, sequence: number, key: string, value: Uint8Array): void;
  /** The same for a key and a value that lie somewhere in larger pieces; they are copied. */
  addParts(
    journalOffset: number,
    sequence: number,
    key: ByteSource,
    keyAt: number,
    keyBytes: number,
    value: ByteSource,
    valueAt: number,
    valueBytes: number,
  ): void;
}

/** Some ten batches: where the log is slower than the judge, the judge waits. */
const QUEUED_MAX = 5000;
/** A thousand outcomes of 1.5 kB are as much as one append should be. */
const APPEND_MAX = 1000;
/** One that is appended and one that is filled meanwhile. */
const SPARE_MAX = 2;

export class OutcomeLog implements OutcomeSink {
  /** To be appended one after another; the last one is being filled. */
  private queued: PackedEntries[] = [];
  private queuedCount = 0;
  /** Emptied, to be filled again. */
  private readonly spare: PackedEntries[] = [];
  private readonly header = Buffer.alloc(POSITION_BYTES);
  private readonly headerSource = { bytes: this.header, view: viewOf(this.header) };
  private suppressed = 0;
  private queuedUpTo: number;
  private isAppending = false;
  private appending: Promise<void> = Promise.resolve();
  private waiting: Waiter[] = [];
  private ended: { readonly reason: unknown } | null = null;
  private loggedOffset: number;
  private durableOffset: number;

  /** @param appliedOffset of the checkpoint one begins with: the log durably holds all outcomes up to there. */
  constructor(
    private readonly producer: LogProducer,
    private readonly partition: number,
    private readonly held: Pick<HeldOutcomes, "highest">,
    appliedOffset: number,
  ) {
    this.queuedUpTo = appliedOffset;
    this.loggedOffset = appliedOffset;
    this.durableOffset = appliedOffset;
  }

  /** Has an append failed? Nothing is sent behind it. */
  get failure(): { readonly reason: unknown } | null {
    return this.ended;
  }

  wants(journalOffset: number, sequence: number): boolean {
    const { highest } = this.held;
    if (highest === null || isAbove({ journalOffset, sequence }, highest)) return true;
    this.suppressed++;
    return false;
  }

  add(journalOffset: number, sequence: number, key: string, value: Uint8Array): void {
    writePosition(this.headerSource.view, journalOffset, sequence);
    this.open().add({ key, value, header: this.header });
  }

  addParts(
    journalOffset: number,
    sequence: number,
    key: ByteSource,
    keyAt: number,
    keyBytes: number,
    value: ByteSource,
    valueAt: number,
    valueBytes: number,
  ): void {
    writePosition(this.headerSource.view, journalOffset, sequence);
    this.open().addParts(key, keyAt, keyBytes, value, valueAt, valueBytes, this.headerSource);
  }

  /** Appends what was added: all outcomes of what was judged up to there. @returns how many the log held already. */
  append(upToOffset: number): number {
    const { suppressed } = this;
    this.suppressed = 0;
    this.queuedUpTo = upToOffset;
    if (!this.isAppending) this.appending = this.run();
    return suppressed;
  }

  private open(): PackedEntries {
    this.queuedCount++;
    const last = this.queued.at(-1);
    if (last !== undefined && last.length < APPEND_MAX) return last;
    const next = this.spare.pop() ?? new PackedEntries();
    this.queued.push(next);
    return next;
  }

  /** Is there room for another batch? */
  get hasRoom(): boolean {
    return this.queuedCount < QUEUED_MAX;
  }

  /** Resolves when all is logged that was queued. Rejects with what ended the appends. */
  emptied(): Promise<void> {
    return this.loggedUpTo(this.queuedUpTo);
  }

  /** One append in flight; what was judged meanwhile goes together with the next. */
  private async run(): Promise<void> {
    const { producer, partition } = this;
    this.isAppending = true;
    try {
      while (this.loggedOffset < this.queuedUpTo && this.ended === null) {
        const upToOffset = this.queuedUpTo;
        const taken = this.queued;
        this.queued = [];
        this.queuedCount = 0;
        for (const entries of taken)
          if (producer.appendPacked === undefined) await producer.append(partition, entries.entries());
          else {
            await producer.appendPacked(partition, entries);
            this.reuse(entries);
          }
        this.logged(upToOffset);
      }
    } catch (error) {
      this.close(error);
    } finally {
      this.isAppending = false;
    }
  }

  private reuse(entries: PackedEntries): void {
    entries.clear();
    if (this.spare.length < SPARE_MAX) this.spare.push(entries);
  }

  private logged(upToOffset: number): void {
    this.loggedOffset = upToOffset;
    const waiting = this.waiting.filter(({ offset }) => offset > upToOffset);
    for (const waiter of this.waiting) if (waiter.offset <= upToOffset) waiter.resolve();
    this.waiting = waiting;
  }

  /** Resolves when all outcomes of the records up to the offset survive a crash of the machine. */
  async durableUpTo(offset: number): Promise<void> {
    await this.loggedUpTo(offset);
    if (this.durableOffset >= offset) return;
    const logged = this.loggedOffset;
    await this.producer.flush();
    this.durableOffset = Math.max(this.durableOffset, logged);
  }

  /** Resolves when all outcomes of the records up to the offset are in the log. */
  loggedUpTo(offset: number): Promise<void> {
    if (this.loggedOffset >= offset) return Promise.resolve();
    if (this.ended !== null) return Promise.reject(this.ended.reason);
    return new Promise((resolve, reject) => {
      this.waiting.push({ offset, resolve, reject });
    });
  }

  /** Nothing will be appended any more: whoever waits is told why. */
  close(reason: unknown): void {
    this.ended ??= { reason };
    for (const { reject } of this.waiting) reject(reason);
    this.waiting = [];
  }

  /** Resolves when no append is in flight: only then may another use the producer for this partition. */
  async settled(): Promise<void> {
    await this.appending;
  }
}

interface Waiter {
  readonly offset: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}
