/** Who makes a paced load and observes what becomes of it: generator and observer, the same for all engines of a comparison. */

import type { Load, Observed, Sent } from "./load.js";

export const LOAD_CLIENTS = ["kadun", "kafka"] as const;
export type LoadClients = (typeof LOAD_CLIENTS)[number];

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

/** Where a load goes and what it is made of. */
export interface LoadTopics {
  readonly brokers: string;
  readonly input: string;
  /** Where its decisions are observed. */
  readonly output: string;
  readonly persons: number;
  readonly seed: number;
  /** Temporary, of the comparison. */
  readonly folder: string;
}
