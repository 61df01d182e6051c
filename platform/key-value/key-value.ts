/**
 * Port: small registers that change seldom, whole values under keys (LMDB, memory).
 *
 * What an adapter promises
 * - **Durability**: when `put` or `delete` resolves it survives a crash of process and machine. Until then the old or
 *   the new value may be there, never a part of one.
 * - **Reads** see all resolved writes of this process at once, those of another process (`readOnly` opening) within a
 *   turn of the event loop. Bytes handed out belong to the caller.
 * - **entries** come in the order of the keys' UTF-8 bytes. What is written while they are read may be among them or not.
 * - **Limits**: keys of 1 to `KEY_BYTES_MAX` bytes, values of at most `VALUE_BYTES_MAX` (RangeError, nothing written).
 * - **close()** waits for writes under way and is idempotent. Every call after it fails with `CLOSED`.
 */

/** A prefix and a token or an identifier. */
export const KEY_BYTES_MAX = 512;
/** Entries are records of a register: contacts, institutions, API keys. */
export const VALUE_BYTES_MAX = 1_000_000;

export interface KeyValueEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface KeyValue {
  get(key: string): Promise<Uint8Array | null>;
  /** @throws KeyValueError READ_ONLY, DISK_FULL, FAILED, CLOSED. */
  put(key: string, value: Uint8Array): Promise<void>;
  /** Does nothing where there is no value. @throws KeyValueError READ_ONLY, DISK_FULL, FAILED, CLOSED. */
  delete(key: string): Promise<void>;
  /** All entries whose keys begin with `prefix`; empty for all. */
  entries(prefix: string): AsyncIterable<KeyValueEntry>;
  close(): Promise<void>;
}

export type KeyValueErrorCode = "READ_ONLY" | "DISK_FULL" | "CORRUPT" | "LOCKED" | "CLOSED" | "FAILED";

export class KeyValueError extends Error {
  override readonly name = "KeyValueError";
  /** May the same call succeed later without anybody's help? */
  readonly retryable: boolean;

  constructor(
    readonly code: KeyValueErrorCode,
    message: string,
    options: { readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}

/** Larger entries are mistakes of the caller, not of the store. */
export function checkEntry(key: string, value?: Uint8Array): void {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes < 1 || keyBytes > KEY_BYTES_MAX)
    throw new RangeError(`a key of ${keyBytes} bytes; 1 to ${KEY_BYTES_MAX} are taken`);
  if (value !== undefined && value.length > VALUE_BYTES_MAX)
    throw new RangeError(`a value of ${value.length} bytes; at most ${VALUE_BYTES_MAX} are taken`);
}
