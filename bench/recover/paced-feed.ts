/**
 * Swipes of the stored persons straight into the journal at an even rate, whatever becomes of them there: an open loop.
 *
 * Owns: the rate, one append a partition under way, who swipes next. Does not own: the producer, the persons.
 *
 * 1. What is due is due by the clock alone: a journal that is slow for a moment gets more at once afterwards.
 * 2. The first append that fails ends the feed; `end` and `failure` tell it.
 */

import { setTimeout as wait } from "node:timers/promises";
import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { encodeBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";
import { madePersonKey, madeSwipe } from "./made-swipes.js";

const TICK_MS = 5;
/** As many as one append of the gateway's group commit takes. */
const APPEND_MAX = 500;
const NO_HEADER = new Uint8Array(0);
/** A prime: all persons come once a round, in an order that has nothing to do with their numbers. */
const STEP = 7_368_787;

export interface PacedFeedOptions {
  readonly partitions: number;
  readonly persons: number;
  readonly perSecond: number;
}

export class PacedFeed {
  /** Records acknowledged, by partition. */
  readonly acknowledged: number[];
  private readonly waiting: LogEntry[][];
  private readonly lanes: (Promise<void> | null)[];
  private readonly stop = new AbortController();
  private readonly running: Promise<void>;
  private readonly startedMs = performance.now();
  private given = 0;
  private failed: { readonly error: unknown } | null = null;

  constructor(
    private readonly producer: LogProducer,
    private readonly options: PacedFeedOptions,
  ) {
    const { partitions } = options;
    this.acknowledged = new Array<number>(partitions).fill(0);
    this.waiting = Array.from({ length: partitions }, () => []);
    this.lanes = new Array<Promise<void> | null>(partitions).fill(null);
    this.running = this.run();
    this.running.catch(() => {}); // `end` is told
  }

  /** Swipes that are due and that the journal has not acknowledged. */
  get owed(): number {
    const due = ((performance.now() - this.startedMs) / 1000) * this.options.perSecond;
    return due - this.acknowledged.reduce((sum, count) => sum + count, 0);
  }

  /** @throws what an append failed with. */
  check(): void {
    if (this.failed !== null) throw this.failed.error;
  }

  /** Stops and waits for what is under way. @returns acknowledged records a second. */
  async end(): Promise<number> {
    this.stop.abort();
    await this.running;
    await Promise.all(this.lanes);
    this.check();
    const total = this.acknowledged.reduce((sum, count) => sum + count, 0);
    return Math.round(total / ((performance.now() - this.startedMs) / 1000));
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted && this.failed === null) {
      const due = ((performance.now() - this.startedMs) / 1000) * this.options.perSecond;
      const nowMs = Date.now();
      while (this.given < due) this.give(nowMs);
      for (const [partition, waiting] of this.waiting.entries())
        if (waiting.length > 0) this.lanes[partition] ??= this.append(partition);
      await wait(TICK_MS);
    }
  }

  private give(nowMs: number): void {
    const { persons, partitions } = this.options;
    const turn = this.given++;
    const person = personOfTurn(turn, persons);
    const key = madePersonKey(person);
    const value = encodeBody(madeSwipe(person, key, `live-${turn}`, nowMs));
    this.waiting[partitionOf(key, partitions)]!.push({ key, value, header: NO_HEADER });
  }

  private async append(partition: number): Promise<void> {
    try {
      while (this.waiting[partition]!.length > 0) {
        const entries = this.waiting[partition]!.splice(0, APPEND_MAX);
        await this.producer.append(partition, entries);
        this.acknowledged[partition]! += entries.length;
      }
    } catch (error) {
      this.failed ??= { error };
    } finally {
      this.lanes[partition] = null;
    }
  }
}

/** Who swipes at a turn of the feed. */
export function personOfTurn(turn: number, persons: number): number {
  return ((turn % persons) * STEP) % persons;
}
