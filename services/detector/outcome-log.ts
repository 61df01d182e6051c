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

import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { encodePosition, isAbove } from "../../schemas/topics.js";
import type { HeldOutcomes } from "./held-outcomes.js";

/** What one journal record led to. */
export interface JudgedRecord<Outcome> {
  readonly journalOffset: number;
  readonly personKey: string;
  readonly outcomes: readonly Outcome[];
}

/** Some ten batches: where the log is slower than the judge, the judge waits. */
const QUEUED_MAX = 5000;
/** A thousand outcomes of 1.5 kB are as much as one append should be. */
const APPEND_MAX = 1000;

export class OutcomeLog<Outcome> {
  private queued: LogEntry[] = [];
  private queuedUpTo: number;
  private isAppending = false;
  private appending: Promise<void> = Promise.resolve();
  private waiting: Waiter[] = [];
  private ended: { readonly reason: unknown } | null = null;
  private loggedOffset: number;
  private durableOffset: number;

  /**
   * @param appliedOffset of the checkpoint one begins with: the log durably holds all outcomes up to there.
   * @param encode asked for outcomes that are appended, not for those that the log holds.
   */
  constructor(
    private readonly producer: LogProducer,
    private readonly partition: number,
    private readonly held: Pick<HeldOutcomes, "highest">,
    appliedOffset: number,
    private readonly encode: (outcome: Outcome) => Uint8Array,
  ) {
    this.queuedUpTo = appliedOffset;
    this.loggedOffset = appliedOffset;
    this.durableOffset = appliedOffset;
  }

  /** Has an append failed? Nothing is sent behind it. */
  get failure(): { readonly reason: unknown } | null {
    return this.ended;
  }

  /** Takes a batch judged up to `upToOffset`. @returns how many outcomes the log holds already. */
  append(judged: readonly JudgedRecord<Outcome>[], upToOffset: number): number {
    let suppressed = 0;
    for (const { journalOffset, personKey, outcomes } of judged)
      for (const [sequence, outcome] of outcomes.entries()) {
        const position = { journalOffset, sequence };
        if (!isAbove(position, this.held.highest)) suppressed++;
        else
          this.queued.push({
            key: personKey,
            value: this.encode(outcome),
            header: encodePosition(position),
          });
      }
    this.queuedUpTo = upToOffset;
    if (!this.isAppending) this.appending = this.run();
    return suppressed;
  }

  /** Resolves when there is room for another batch. Rejects with what ended the appends. */
  async room(): Promise<void> {
    if (this.queued.length < QUEUED_MAX) return;
    await this.loggedUpTo(this.queuedUpTo);
  }

  /** One append in flight; what was judged meanwhile goes together with the next. */
  private async run(): Promise<void> {
    this.isAppending = true;
    try {
      while (this.loggedOffset < this.queuedUpTo && this.ended === null) {
        const upToOffset = this.queuedUpTo;
        const entries = this.queued;
        this.queued = [];
        for (let from = 0; from < entries.length; from += APPEND_MAX)
          await this.producer.append(this.partition, entries.slice(from, from + APPEND_MAX));
        this.logged(upToOffset);
      }
    } catch (error) {
      this.close(error);
    } finally {
      this.isAppending = false;
    }
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
