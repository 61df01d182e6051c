/**
 * Calls that wait for the judge's answer to their swipe.
 *
 * Owns: which calls wait, until when; the 12-byte header by which an answer finds its call.
 * Does not own: what a caller is told when the time is over (stand-in.ts).
 *
 * 1. Every call ends: answered, out of time, given up or closed.
 * 2. All calls have the same time limit, so the oldest waiting call is the next to run out: one sleeper serves all.
 * 3. An answer without a waiting call (late, or for the process that was here before) is counted and dropped: the
 *    decisions log has it.
 */

import { randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock/clock.js";
import { type Counter, type Metrics, noMetrics } from "../../platform/metrics/metrics.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";

/** A terminal's own patience is some seconds; what it does in between is up to the network. */
export const ANSWER_TIME_LIMIT_MS = 800;
/** 5,000 calls/s times the limit of 0.8 s. */
export const WAITING_CALLS_MAX = 4000;

const HEADER_BYTES = 12;
const INSTANCE_BYTES = 4;

/** What the detector reports for a journal record whose header is not empty. */
export interface DetectorAnswer {
  readonly partition: number;
  readonly journalOffset: number;
  readonly header: Uint8Array;
  readonly outcomes: readonly LoggedOutcome[];
}

export interface Call {
  /** Goes into the journal with the swipe. */
  readonly header: Uint8Array;
  /** The outcomes, or null when the time is over. Never rejects. */
  readonly outcomes: Promise<readonly LoggedOutcome[] | null>;
  /** Ends the call without an answer: its swipe was not stored. */
  giveUp(): void;
}

export interface AnswersOptions {
  readonly clock: Clock;
  readonly timeLimitMs?: number;
  readonly waitingMax?: number;
  readonly metrics?: Metrics;
  /** 4 bytes that tell this process from others and from its predecessor; random unless given (the simulation). */
  readonly instanceId?: Uint8Array;
}

interface Waiting {
  readonly deadlineMs: number;
  readonly end: (outcomes: readonly LoggedOutcome[] | null) => void;
}

export class Answers {
  readonly timeLimitMs: number;
  private readonly clock: Clock;
  private readonly waitingMax: number;
  private readonly instance: Uint8Array;
  private readonly dropped: Counter;
  /** In the order of their deadlines. */
  private readonly waiting = new Map<number, Waiting>();
  private readonly closing = new AbortController();
  private lastCall = 0;
  private isSleeping = false;

  constructor(options: AnswersOptions) {
    this.clock = options.clock;
    this.timeLimitMs = options.timeLimitMs ?? ANSWER_TIME_LIMIT_MS;
    this.waitingMax = options.waitingMax ?? WAITING_CALLS_MAX;
    this.instance = options.instanceId ?? randomBytes(INSTANCE_BYTES);
    if (this.instance.length !== INSTANCE_BYTES)
      throw new RangeError(`an instance id of ${this.instance.length} bytes, expected ${INSTANCE_BYTES}`);
    this.dropped = (options.metrics ?? noMetrics).counter({
      name: "kadun_ingest_answers_dropped_total",
      help: "Answers of the judge that no call was waiting for: late, or of an earlier process.",
    });
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Begins to wait; null where too many wait already or the process stops. */
  open(): Call | null {
    if (this.waiting.size >= this.waitingMax || this.closing.signal.aborted) return null;
    this.lastCall += 1;
    const call = this.lastCall;
    const outcomes = new Promise<readonly LoggedOutcome[] | null>((end) => {
      this.waiting.set(call, { deadlineMs: this.clock.now() + this.timeLimitMs, end });
    });
    void this.watch();
    return { header: this.headerOf(call), outcomes, giveUp: () => this.end(call, null) };
  }

  /** The detector's `onAnswer`. */
  deliver({ header, outcomes }: DetectorAnswer): void {
    const call = this.callOf(header);
    if (call === null || !this.end(call, outcomes)) this.dropped.add(1);
  }

  /** Ends all calls without an answer; idempotent. */
  close(): void {
    this.closing.abort();
    for (const call of [...this.waiting.keys()]) this.end(call, null);
  }

  private end(call: number, outcomes: readonly LoggedOutcome[] | null): boolean {
    const waiting = this.waiting.get(call);
    if (waiting === undefined) return false;
    this.waiting.delete(call);
    waiting.end(outcomes);
    return true;
  }

  /** 4 bytes instance, 8 bytes number of the call (float64 LE). */
  private headerOf(call: number): Uint8Array {
    const header = new Uint8Array(HEADER_BYTES);
    header.set(this.instance);
    new DataView(header.buffer).setFloat64(INSTANCE_BYTES, call, true);
    return header;
  }

  private callOf(header: Uint8Array): number | null {
    if (header.length !== HEADER_BYTES) return null;
    for (let at = 0; at < INSTANCE_BYTES; at++) if (header[at] !== this.instance[at]) return null;
    return new DataView(header.buffer, header.byteOffset).getFloat64(INSTANCE_BYTES, true);
  }

  private async watch(): Promise<void> {
    if (this.isSleeping) return;
    this.isSleeping = true;
    try {
      for (let next = this.oldest(); next !== null; next = this.oldest()) {
        const [call, { deadlineMs }] = next;
        const restMs = deadlineMs - this.clock.now();
        // Never more than the limit, unless the clock was set back: then nobody would be told anything for so long.
        if (restMs <= 0 || restMs > this.timeLimitMs) this.end(call, null);
        else await this.clock.sleep(restMs, this.closing.signal);
      }
    } finally {
      this.isSleeping = false;
    }
  }

  private oldest(): [number, Waiting] | null {
    for (const entry of this.waiting) return entry;
    return null;
  }
}
