/**
 * A load as its two processes are told: generator and observer draw the same times from the same seed, so that no time
 * travels in a message.
 */

import { Random } from "../city/random.js";
import { poissonArrivals } from "../pipeline/arrival-schedule.js";
import type { Quantiles } from "../pipeline/latency-histogram.js";

const ARRIVALS_STREAM = 9;

export interface Load {
  /** Loads of one engine's run are numbered; each has arrivals of its own. */
  readonly number: number;
  readonly seed: number;
  readonly ratePerSecond: number;
  /** Sent first, observed and not measured. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** For the last decision, after the last swipe was due. */
  readonly patienceMs: number;
}

/** Milliseconds from the load's start, ascending: independent arrivals of the mean rate. */
export function dueTimes({ number, seed, ratePerSecond, warmUpSeconds, seconds }: Load): Float64Array {
  return poissonArrivals(
    Random.derived(seed, ARRIVALS_STREAM, number),
    ratePerSecond,
    warmUpSeconds + seconds,
  );
}

/** One clock for all processes of the machine, in milliseconds (Linux: CLOCK_MONOTONIC). */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export type LoadRequest =
  /** Generator and observer reply "ready" when they have all that they need for it. */
  | { readonly type: "prepare"; readonly load: Load }
  /** The clock of the load's due times begins at this machine time. */
  | { readonly type: "go"; readonly startMs: number };

export interface Sent {
  readonly count: number;
  /** From due to handed to the producer: the generator's own share of every latency. */
  readonly delay: Quantiles;
}

export interface Observed {
  readonly count: number;
  /** Had no decision when the patience was over; they count with the time they had waited. */
  readonly unanswered: number;
  /** From due to received by the observer. */
  readonly latency: Quantiles;
}

export type LoadReply =
  | { readonly type: "ready" }
  | { readonly type: "sent"; readonly sent: Sent }
  | { readonly type: "observed"; readonly observed: Observed }
  | { readonly type: "failed"; readonly message: string };
