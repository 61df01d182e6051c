/**
 * Calls that wait for the judge's answer to their swipe.
 *
 * Owns: which calls wait, until when; the address by which an answer finds its call.
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
import { decodeAddress, encodeAddress, INSTANCE_BYTES } from "../../schemas/answer-address.js";
import type { AnswerMessage } from "../../schemas/answer-message.js";

/** A terminal's own patience is some seconds; what it does in between is up to the network. */
export const ANSWER_TIME_LIMIT_MS = 800;
/** 5,000 calls/s times the limit of 0.8 s. */
export const WAITING_CALLS_MAX = 4000;

/** What the detector reports for a journal record whose header is not empty. */
export interface DetectorAnswer extends AnswerMessage {
  readonly header: Uint8Array;
}

export interface Call {
  /** Goes into the journal with the swipe. */
  readonly header: Uint8Array;
  /** null when the time is over. Never rejects. */
  readonly answer: Promise<AnswerMessage | null>;
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
  /** Of `kadun.answers`, where the judge is another process; 0 unless given. */
  readonly partition?: number;
}

interface Waiting {
  readonly deadlineMs: number;
  readonly end: (answer: AnswerMessage | null) => void;
}

export class Answers {
  readonly timeLimitMs: number;
  private readonly clock: Clock;
  private readonly waitingMax: number;
  private readonly partition: number;
  private readonly instance: Buffer;
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
    this.partition = options.partition ?? 0;
    this.instance = Buffer.from(options.instanceId ?? randomBytes(INSTANCE_BYTES));
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
    const { instance, partition } = this;
    const answer = new Promise<AnswerMessage | null>((end) => {
      this.waiting.set(call, { deadlineMs: this.clock.now() + this.timeLimitMs, end });
    });
    void this.watch();
    const header = encodeAddress({ instance, partition, call });
    return { header, answer, giveUp: () => this.end(call, null) };
  }

  /** Is it the address of a call that waits here? Other processes may share the partition of answers. */
  awaits(header: Uint8Array): boolean {
    const address = decodeAddress(header);
    return address !== null && this.instance.equals(address.instance) && this.waiting.has(address.call);
  }

  /** The detector's `onAnswer`. */
  deliver(answer: DetectorAnswer): void {
    const address = decodeAddress(answer.header);
    const isOurs = address !== null && this.instance.equals(address.instance);
    if (!isOurs || !this.end(address.call, answer)) this.dropped.add(1);
  }

  /** Ends all calls without an answer; idempotent. */
  close(): void {
    this.closing.abort();
    for (const call of [...this.waiting.keys()]) this.end(call, null);
  }

  private end(call: number, answer: AnswerMessage | null): boolean {
    const waiting = this.waiting.get(call);
    if (waiting === undefined) return false;
    this.waiting.delete(call);
    waiting.end(answer);
    return true;
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
