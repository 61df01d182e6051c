/**
 * Entries of one append side by side in one piece of memory: nothing for each is an object. Whoever makes a hundred thousand
 * entries a second packs them; to others an entry is a `LogEntry`.
 *
 * Owns: the bytes, copied in. Can be emptied and filled again once an append has settled.
 */

import type { LogEntry } from "./event-log.js";

const BYTES_FIRST = 1 << 14;
const ENTRIES_FIRST = 64;
const UTF8_BYTES_MAX = 3;
/** From here on a call into the runtime's copy is the faster one. */
const COPY_CALL_BYTES = 256;

/** A run of bytes; `view` covers the same memory as `bytes`. */
export interface ByteSource {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export class PackedEntries {
  bytes = Buffer.allocUnsafeSlow(BYTES_FIRST);
  view = viewOf(this.bytes);
  /** Of the entries; they follow one another without a gap, each as key, value, header. */
  byteCount = 0;
  private count = 0;
  /** Three a entry: bytes of key, value and header. */
  private lengths = new Int32Array(3 * ENTRIES_FIRST);

  /** These entries and no others. */
  refill(entries: readonly LogEntry[]): this {
    this.clear();
    for (const entry of entries) this.add(entry);
    return this;
  }

  get length(): number {
    return this.count;
  }

  keyBytes(index: number): number {
    return this.lengths[3 * index]!;
  }

  valueBytes(index: number): number {
    return this.lengths[3 * index + 1]!;
  }

  headerBytes(index: number): number {
    return this.lengths[3 * index + 2]!;
  }

  add({ key, value, header }: LogEntry): void {
    this.makeRoom(key.length * UTF8_BYTES_MAX + value.length + header.length);
    const keyBytes = this.bytes.write(key, this.byteCount, "utf8");
    this.bytes.set(value, this.byteCount + keyBytes);
    this.bytes.set(header, this.byteCount + keyBytes + value.length);
    this.entered(keyBytes, value.length, header.length);
  }

  /** An entry from three places; the header is all of `header`. */
  addParts(
    key: ByteSource,
    keyAt: number,
    keyBytes: number,
    value: ByteSource,
    valueAt: number,
    valueBytes: number,
    header: ByteSource,
  ): void {
    const headerBytes = header.bytes.length;
    this.makeRoom(keyBytes + valueBytes + headerBytes);
    const at = this.byteCount;
    copyBytes(key, keyAt, this, at, keyBytes);
    copyBytes(value, valueAt, this, at + keyBytes, valueBytes);
    copyBytes(header, 0, this, at + keyBytes + valueBytes, headerBytes);
    this.entered(keyBytes, valueBytes, headerBytes);
  }

  /** Views into the packed bytes: valid until `clear`. */
  entries(): LogEntry[] {
    const entries: LogEntry[] = [];
    let at = 0;
    for (let index = 0; index < this.count; index++) {
      const valueAt = at + this.keyBytes(index);
      const headerAt = valueAt + this.valueBytes(index);
      const end = headerAt + this.headerBytes(index);
      entries.push({
        key: this.bytes.toString("utf8", at, valueAt),
        value: this.bytes.subarray(valueAt, headerAt),
        header: this.bytes.subarray(headerAt, end),
      });
      at = end;
    }
    return entries;
  }

  clear(): void {
    this.count = 0;
    this.byteCount = 0;
  }

  private entered(keyBytes: number, valueBytes: number, headerBytes: number): void {
    if (3 * this.count === this.lengths.length) {
      const lengths = new Int32Array(2 * this.lengths.length);
      lengths.set(this.lengths);
      this.lengths = lengths;
    }
    const at = 3 * this.count++;
    this.lengths[at] = keyBytes;
    this.lengths[at + 1] = valueBytes;
    this.lengths[at + 2] = headerBytes;
    this.byteCount += keyBytes + valueBytes + headerBytes;
  }

  private makeRoom(bytes: number): void {
    if (this.byteCount + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.byteCount + bytes));
    this.bytes.copy(larger, 0, 0, this.byteCount);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Short runs four bytes at a time: a call into the runtime costs as much as a hundred of them. */
export function copyBytes(from: ByteSource, start: number, to: ByteSource, at: number, count: number): void {
  if (count >= COPY_CALL_BYTES) {
    to.bytes.set(from.bytes.subarray(start, start + count), at);
    return;
  }
  let i = 0;
  for (const last = count - 4; i <= last; i += 4)
    to.view.setInt32(at + i, from.view.getInt32(start + i, true), true);
  for (; i < count; i++) to.bytes[at + i] = from.bytes[start + i]!;
}
