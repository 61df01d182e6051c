/** What the bench and its load process say to each other (JSON over the channel of `fork`). */

import type { Pauses } from "../load/collector-pauses.js";
import type { OpenLoopResult } from "./open-loop.js";

/** One load: so many seconds of independent arrivals. */
export interface LoadRequest {
  readonly url: string;
  readonly path: string;
  readonly apiKey: string;
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/** What the answers said. */
export interface AnswerCounts {
  readonly actions: Readonly<Record<string, number>>;
  /** Told by the fixed table because the true decision was late. */
  readonly standIns: number;
  readonly degraded: number;
  /** Bodies that are no answer. */
  readonly unreadable: number;
}

export interface LoadResult extends OpenLoopResult, AnswerCounts {
  readonly rate: number;
  readonly bodyBytesMean: number;
  /** Of the load process, while it sent. */
  readonly generatorCpuSeconds: number;
  /** The same, of its collector. */
  readonly generatorPauses: Pauses;
}

export type LoadReply =
  | { readonly type: "ready" }
  | { readonly type: "result"; readonly result: LoadResult }
  | { readonly type: "failed"; readonly message: string };
