/**
 * Port: which partitions of a topic this process works on, agreed among the processes of one group (Kafka).
 *
 * What an adapter promises
 * - **Assignment**: every partition of the topic belongs to at most one member of a generation of the group; after
 *   members come or go all partitions belong to somebody again. Partitions stay where they are as far as they can.
 * - **It is advice**: a member that was paused learns late that it lost a partition, so two may work on one for a while.
 *   Who must not be doubled is fenced where it writes (state store, epoch).
 * - **Positions**: `commit` keeps the next offset to work on for whoever gets the partition later; it is kept per group.
 * - **leave()** gives everything back at once, so that others need not wait for a time-out; idempotent, within its
 *   deadline also where nobody answers.
 */

export interface PartitionGroupHandlers {
  /**
   * The whole set after each change, sorted; empty where membership was lost (it is being joined again by itself).
   * Not called again with an equal set.
   */
  readonly onAssignment: (partitions: readonly number[]) => void;
  /** The group cannot be joined any more without help: the process has to end. Called at most once. */
  readonly onFailure: (error: unknown) => void;
}

export interface PartitionGroupOptions extends PartitionGroupHandlers {
  readonly groupId: string;
  readonly topic: string;
}

export interface PartitionGroup {
  /**
   * Can no other member have been given the partition by this moment? Told by the clocks, not by news: true at once for
   * no member that has just been woken up after a long pause. It may be false for a while though nobody else has it.
   */
  isHeld(partition: number): boolean;
  /** Partitions of this process now, sorted. */
  readonly assigned: readonly number[];
  /** The next offset to work on as committed last, null where none was. @throws EventLogError. */
  committed(partition: number): Promise<number | null>;
  /** @throws EventLogError NOT_ASSIGNED where the group has given the partition to another since. */
  commit(positions: ReadonlyMap<number, number>): Promise<void>;
  leave(): Promise<void>;
}

/** Joins; the promise resolves when the member is known, assignments arrive by `onAssignment`. */
export type JoinPartitionGroup = (options: PartitionGroupOptions) => Promise<PartitionGroup>;
