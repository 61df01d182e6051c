/**
 * Sends messages when they are due, whatever became of those before.
 *
 * Owns: what is due and waits for its turn. Does not own: the appends, the messages.
 *
 * 1. A message that is due is handed over at once, or waits only for the append before it; those that wait go together.
 */

import { LatencyHistogram } from "../pipeline/latency-histogram.js";
import type { Sent } from "./load.js";
import { machineMs } from "./load.js";
import type { StreamMessage } from "./swipe-stream.js";

const TICK_MS = 1;
const NO_HEADER = new Uint8Array();
/** Of a partition in one append: far below what a topic takes as one batch, were a stall to make so many due at once. */
const ENTRIES_MAX = 500;

export interface DueEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly header: Uint8Array;
}

export interface DueEntries {
  readonly partition: number;
  readonly entries: readonly DueEntry[];
}

export interface DueTopic {
  readonly partitions: number;
  /** Entries of some partitions, together; one call at a time. Resolves when all are acknowledged. */
  append(due: readonly DueEntries[]): Promise<void>;
}

export class DueSender {
  /** By partition. */
  private readonly waiting: DueEntry[][];
  private readonly delay = new LatencyHistogram();
  /** Until nothing waits; null while that is so. */
  private sending: Promise<void> | null = null;
  private failure: unknown = null;
  private next = 0;

  constructor(
    private readonly topic: DueTopic,
    private readonly messages: readonly StreamMessage[],
    private readonly dueMs: Float64Array,
  ) {
    this.waiting = Array.from({ length: topic.partitions }, () => []);
  }

  /** Until all are acknowledged. @throws what the first append that failed threw. */
  async run(startMs: number): Promise<Sent> {
    await new Promise<void>((resolve) => {
      const tick = () => {
        this.sendDue(machineMs() - startMs);
        if (this.next >= this.dueMs.length || this.failure !== null) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
    await this.sending;
    if (this.failure !== null) throw this.failure;
    return { count: this.next, delay: this.delay.quantiles() };
  }

  private sendDue(nowMs: number): void {
    const before = this.next;
    for (; this.next < this.dueMs.length && this.dueMs[this.next]! <= nowMs; this.next++) {
      const { key, value, partition } = this.messages[this.next]!;
      this.waiting[partition]!.push({ key, value, header: NO_HEADER });
      this.delay.record(nowMs - this.dueMs[this.next]!);
    }
    if (this.next > before) this.sending ??= this.send();
  }

  private async send(): Promise<void> {
    try {
      for (let due = this.take(); due.length > 0; due = this.take()) await this.topic.append(due);
    } catch (error) {
      this.failure ??= error;
    }
    this.sending = null;
  }

  private take(): readonly DueEntries[] {
    return this.waiting.flatMap((entries, partition) =>
      entries.length === 0 ? [] : [{ partition, entries: entries.splice(0, ENTRIES_MAX) }],
    );
  }
}
