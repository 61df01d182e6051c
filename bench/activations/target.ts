/** A whole Kadun in a folder of its own that bundles are activated on, and what it left when it has ended. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { StateStore } from "../../platform/state-store/state-store.js";

export const PROFILES = ["embedded", "distributed"] as const;
export type Profile = (typeof PROFILES)[number];

export interface Target {
  readonly partitions: number;
  /** Of the gateway. */
  readonly url: string;
  readonly apiKey: string;
  /** Those that take in and judge swipes, by what they are called. */
  readonly processes: Readonly<Record<string, TargetProcess>>;
  /** Resolves when all of the journal is judged. */
  judged(): Promise<void>;
  /** Ends all processes in order: what was judged is in logs and checkpoints then. */
  end(): Promise<void>;
  /** Of what has ended. */
  left(): Promise<Left>;
  /** Ends what still runs, removes the folder. */
  close(): Promise<void>;
}

export interface TargetProcess {
  readonly url: string;
  readonly pid: number;
}

export interface Left {
  readonly log: EventLog;
  readonly store: StateStore;
  close(): Promise<void>;
}
