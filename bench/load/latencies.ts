/** Milliseconds from request to answer, and what was answered by the stand-in. */

import { answer } from "../../schemas/http/authorization.js";

export interface LatencySummary {
  readonly answers: number;
  /** Told by the fixed table because the true decision was late. */
  readonly standIns: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export class Latencies {
  private readonly valuesMs: number[] = [];
  private standIns = 0;

  add(latencyMs: number, body: Buffer): void {
    this.valuesMs.push(latencyMs);
    if (answer.parse(JSON.parse(body.toString())).standIn) this.standIns++;
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.valuesMs).sort();
    return {
      answers: sorted.length,
      standIns: this.standIns,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
    };
  }
}

/** The smallest value that this share of all values does not exceed; null of none. */
function percentile(sorted: Float64Array, share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? null : Number(value.toFixed(2));
}
