/** What the bench and its load process say to each other (JSON over the channel of `fork`). */

import type { OpenLoopResult } from "../pipeline/open-loop.js";

export interface LoadOrder {
  readonly url: string;
  readonly apiKey: string;
  readonly seconds: number;
  /** All swipes a second, authorizations among them. */
  readonly swipesPerSecond: number;
  /** Each waits for its answer: the latencies. */
  readonly authorizationsPerSecond: number;
  /** Written at the end: a line with the eventId of each swipe that was accepted. */
  readonly acceptedPath: string;
}

export interface LoadDone {
  readonly authorizations: OpenLoopResult;
  /** When each answered authorization was due (epoch milliseconds), and how long after that it was answered. */
  readonly latencies: readonly (readonly [dueAtMs: number, latencyMs: number])[];
  /** Of those that do not wait. */
  readonly bulk: BulkCounts;
  /** Until all of it was taken: longer than the load where swipes were late. */
  readonly seconds: number;
}

export interface BulkCounts {
  readonly accepted: number;
  /** Lines that ingest did not take: there should be none. */
  readonly refused: number;
  /** Requests sent again because nothing said that they were taken. */
  readonly resent: number;
  /** Lines that were due and not yet sent at the worst moment. */
  readonly owedMax: number;
}

export type LoadSays =
  | { readonly type: "ready" }
  | { readonly type: "started" }
  | { readonly type: "done"; readonly done: LoadDone }
  | { readonly type: "failed"; readonly message: string };
