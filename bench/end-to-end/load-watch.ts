/** What an observer has seen of one load. */

import { LatencyHistogram } from "../pipeline/latency-histogram.js";
import type { Load, Observed } from "./load.js";

export class LoadWatch {
  /** Resolves when every swipe of the load has its decision. */
  readonly complete: Promise<void>;
  private readonly latency = new LatencyHistogram();
  private readonly isSeen: Uint8Array;
  private readonly warmUpMs: number;
  private seen = 0;
  private startMs = Number.NaN;
  private isComplete!: () => void;

  /** @param first number of the load's first swipe in its stream. */
  constructor(
    { warmUpSeconds }: Pick<Load, "warmUpSeconds">,
    private readonly first: number,
    private readonly dueMs: Float64Array,
  ) {
    this.warmUpMs = warmUpSeconds * 1000;
    this.isSeen = new Uint8Array(dueMs.length);
    this.complete = new Promise((resolve) => {
      this.isComplete = resolve;
    });
    if (dueMs.length === 0) this.isComplete();
  }

  /** @param startMs machine time at which the clock of the due times begins. */
  start(startMs: number): void {
    this.startMs = startMs;
  }

  /** A decision about this swipe was received. What is not of the load, or came before, is passed over. */
  take(number: number, nowMs: number): void {
    const index = number - this.first;
    if (!(index >= 0 && index < this.isSeen.length) || this.isSeen[index] === 1) return;
    this.isSeen[index] = 1;
    this.seen += 1;
    this.record(index, nowMs);
    if (this.seen === this.isSeen.length) this.isComplete();
  }

  /** Ends the load: what has no decision counts with the time it has waited. */
  end(nowMs: number): Observed {
    const unanswered = this.isSeen.length - this.seen;
    if (unanswered > 0)
      for (const [index, isSeen] of this.isSeen.entries()) if (isSeen === 0) this.record(index, nowMs);
    return { count: this.seen, unanswered, latency: this.latency.quantiles() };
  }

  private record(index: number, nowMs: number): void {
    const dueMs = this.dueMs[index]!;
    if (dueMs >= this.warmUpMs) this.latency.record(nowMs - this.startMs - dueMs);
  }
}
