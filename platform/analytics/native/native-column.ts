/**
 * A column of a block in the making: its values stand in memory as ClickHouse's Native format has them.
 *
 * 1. A row that is given no value has the type's default: '', 0, false, the name of number 0, NULL, [].
 * 2. Values come in the order of rows, at most one a row.
 * 3. A value that the type does not hold is refused. What was written of it is nobody's until `clear`.
 */
export interface NativeColumn {
  /** Rows up to the last that has a value. 0: the whole column is defaults. */
  readonly rows: number;
  /** @throws NativeValueError. */
  set(row: number, value: unknown): void;
  /** Appends the column of so many rows to a block, as memory of its own that is good until `clear`. */
  appendTo(parts: Uint8Array[], rows: number): void;
  /** Forgets its values and keeps its memory. */
  clear(): void;
}

/** A value that its column cannot hold. Says what was expected, never the value. */
export class NativeValueError extends Error {
  override readonly name = "NativeValueError";
  readonly retryable = false;
}

const BYTES_FIRST = 1024;

/** Memory that grows; whoever fills it keeps zeros behind what is filled. */
export class GrowingBytes {
  bytes = Buffer.alloc(BYTES_FIRST);

  /** Makes room for `end` bytes. */
  reserve(end: number): void {
    if (end <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(end, 2 * this.bytes.length));
    this.bytes.copy(larger);
    this.bytes = larger;
  }

  clear(length: number): void {
    this.bytes.fill(0, 0, Math.min(length, this.bytes.length));
  }
}
