/**
 * Port: checkpoints of keyed state, one set per partition, fenced by ownership (LMDB, Redis, memory).
 *
 * What an adapter promises
 * - **Ownership**: `acquire` gives epoch = previous + 1 and remembers it with the owner's id, atomically. From then on
 *   every write of an earlier epoch or another owner id is refused by the store itself (`FENCED`), whenever it arrives:
 *   a paused process that wakes up changes nothing.
 * - **Writes**: one `put` is applied whole or not at all, and is idempotent. `put`s of one checkpoint may arrive partly:
 *   values carry what they include, so a half-written checkpoint is harmless. `putPartition` is written after the puts
 *   it stands for have resolved.
 * - **Durability**: when a write resolves it survives a crash of the process; the adapter keeps the order of writes, so
 *   that after a crash of the machine an older state is found, never a newer partition record over older values.
 * - **Reads** see all resolved writes of the owner. Whoever was fenced may learn it with a read or only with its next write.
 *   A store that can lose resolved writes (a failover, a restart) refuses with `FENCED` the reads and writes of an owner whose
 *   writes it lost, and the reads of whoever is not the owner: it could be given a partition record of before and persons of
 *   after the loss, and would judge by them.
 * - **Limits**: a put holds at most `PUT_RECORDS_MAX` records and `PUT_BYTES_MAX` bytes (programming error above).
 * - **close()** waits for writes under way and is idempotent. Every call after it fails with `CLOSED`.
 */

export const PUT_RECORDS_MAX = 1000;
/** Writes block a single-threaded store for their length: half a megabyte is about a millisecond. */
export const PUT_BYTES_MAX = 524_288;

export interface StateEntry {
  /** 32 hexadecimal digits. */
  readonly key: string;
  readonly value: Uint8Array;
}

/** The right to write one partition, until somebody else acquires it. */
export interface PartitionOwnership {
  readonly partition: number;
  readonly epoch: number;
  readonly owner: string;
  /** The partition record written last, null for a new partition. */
  readPartition(): Promise<Uint8Array | null>;
  /** Values in the order of the keys, null where there is none. */
  load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  /** All entries, in no particular order; for audits, archives and tests. */
  entries(): AsyncIterable<StateEntry>;
  /** The values are the caller's again when it has resolved. @throws StateStoreError FENCED, DISK_FULL, FAILED, CLOSED, UNREACHABLE. */
  put(entries: readonly StateEntry[]): Promise<void>;
  /** @throws StateStoreError FENCED, DISK_FULL, FAILED, CLOSED, UNREACHABLE. */
  putPartition(value: Uint8Array): Promise<void>;
}

export interface StateStore {
  /** @param owner random, new for every acquisition. */
  acquire(partition: number, owner: string): Promise<PartitionOwnership>;
  /** The partition record written last, whoever owns it, null for a new partition: for tools that look and own nothing. */
  peekPartition(partition: number): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

export type StateStoreErrorCode =
  /** Somebody else owns the partition, or the store lost acknowledged writes of this owner: open the partition anew. */
  | "FENCED"
  | "DISK_FULL"
  | "CORRUPT"
  | "LOCKED"
  | "CLOSED"
  | "FAILED"
  /** A store behind a network: not reached, or no answer in time; a write may have been applied, or may yet be. */
  | "UNREACHABLE"
  /** The server refuses who we are or what we may do. */
  | "NOT_AUTHORIZED"
  /** The server's settings would lose what is stored. */
  | "SETTINGS";

export class StateStoreError extends Error {
  override readonly name = "StateStoreError";
  readonly retryable: boolean;

  constructor(
    readonly code: StateStoreErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}
