/**
 * What a live partition (`detector.ts`) judges: the logs it goes between, and the room that takes their records in.
 * The product's is `journal-job.ts`; comparisons run other ones over the same loop.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership, StateEntry } from "../../platform/state-store/state-store.js";
import type { Running } from "./activation.js";
import type { DirtyPersons } from "./dirty-persons.js";
import type { HeldOutcomes } from "./held-outcomes.js";
import type { OutcomeSink } from "./outcome-log.js";
import type { PartitionState } from "./partition-state.js";

/** One partition in memory: what it becomes is a function of the records taken and of the state it began with. */
export interface Room {
  /** Offset of the last record judged; −1 for none. */
  readonly judgedOffset: number;
  /** Is the state of every card known? */
  readonly isBootstrapped: boolean;
  /** What it goes by; null before the first activation. */
  readonly running: Running | null;
  /** State as of `judgedOffset`; null where there is nothing to keep yet. */
  state(): PartitionState | null;
  /**
   * Judges a batch whole between two awaits, in order; what its persons' states include already is skipped. Its outcomes
   * go into the sink.
   */
  take(batch: readonly LoggedRecord[], sink: OutcomeSink): Promise<void>;
  /** Told when the outcomes of the last batch are on their way into the log: who waits for one is answered. */
  answer(): void;
  /** Persons changed since `takeDirty`. */
  readonly dirtyCount: number;
  /** Those changed up to now; from here on they are counted anew. */
  takeDirty(): DirtyPersons;
  /** Lets persons go whom the store has, between batches (`Partition.evict`); absent where all are kept. */
  evict?(bytesMax: number, storedOffset: number): number;
  /** The person's sealed record as it is now, copied into `target` from `at` on; null where it does not fit there. */
  copyPerson(dirty: DirtyPersons, index: number, target: Buffer, at: number): StateEntry | null;
}

export interface LiveJob {
  /** The log that decides, and the one of the same partitions that its outcomes go to. */
  readonly topics: { readonly journal: string; readonly decisions: string };
  openRoom(
    ownership: PartitionOwnership,
    held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ): Promise<Room>;
  /** Has every record like this one an outcome? */
  isAlwaysAnswered(logged: LoggedRecord): boolean;
}
