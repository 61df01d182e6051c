/** Who makes paced loads and observes what becomes of them: generator and observer, the same for all engines of a comparison. */

import type { Load, Observed, Sent } from "./load.js";

export const LOAD_CLIENTS = ["kadun", "kafka", "kafka-new"] as const;
export type LoadClients = (typeof LOAD_CLIENTS)[number];

/** Of a whole comparison. */
export interface LoadDrivers {
  /** For one engine's run; one at a time. @throws Error where it is not ready to send and to observe. */
  start(topics: LoadTopics): Promise<LoadDriver>;
  close(): Promise<void>;
}

/** Loads are run one after another; their swipes are numbered on. */
export interface LoadDriver {
  /** Resolves when both sides have all that they need for it. */
  prepare(load: Load): Promise<void>;
  /**
   * Of the load that was prepared.
   *
   * @param startMs machine time at which the clock of its due times begins.
   * @throws Error with what went wrong.
   */
  run(startMs: number): Promise<{ readonly sent: Sent; readonly observed: Observed }>;
  close(): Promise<void>;
}

/** Where a run's loads go and what they are made of. */
export interface LoadTopics {
  readonly brokers: string;
  readonly input: string;
  /** Where its decisions are observed. */
  readonly output: string;
  readonly persons: number;
  readonly seed: number;
}
