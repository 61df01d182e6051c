/**
 * What a live partition (`detector.ts`) judges: the logs it goes between, and the room that takes their records in.
 * The product's is `journal-job.ts`; comparisons run other ones over the same loop.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { PartitionOwnership } from "../../platform/state-store/state-store.js";
import type { Running } from "./activation.js";
import type { HeldOutcomes } from "./held-outcomes.js";
import type { JudgedRecord } from "./outcome-log.js";
import type { PartitionState } from "./partition-state.js";

/** One partition in memory: what it becomes is a function of the records taken and of the state it began with. */
export interface Room<Judged> {
  /** Offset of the last record judged; −1 for none. */
  readonly judgedOffset: number;
  /** Is the state of every card known? */
  readonly isBootstrapped: boolean;
  /** What it goes by; null before the first activation. */
  readonly running: Running | null;
  /** State as of `judgedOffset`; null where there is nothing to keep yet. */
  state(): PartitionState | null;
  /**
   * Judges a batch whole between two awaits, in order; what its persons' states include already is skipped.
   * @param touched is told whose record changed.
   */
  take(batch: readonly LoggedRecord[], touched: (personKey: string) => void): Promise<readonly Judged[]>;
  /** The sealed bytes of a person's record. */
  personBytesOf(personKey: string): Uint8Array;
}

export interface LiveJob<Outcome, Judged extends JudgedRecord<Outcome>> {
  /** The log that decides, and the one of the same partitions that its outcomes go to. */
  readonly topics: { readonly journal: string; readonly decisions: string };
  openRoom(
    ownership: PartitionOwnership,
    held: Pick<HeldOutcomes, "reaches">,
    state: PartitionState | null,
  ): Promise<Room<Judged>>;
  /** Has every record like this one an outcome? */
  isAlwaysAnswered(logged: LoggedRecord): boolean;
  encode(outcome: Outcome): Uint8Array;
  /** Their outcomes are on their way into the log. */
  onJudged(judged: readonly Judged[], room: Room<Judged>): void;
}
