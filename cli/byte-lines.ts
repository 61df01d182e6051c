/**
 * The lines of a stream of bytes, as bytes: nothing is decoded before it is known to be short enough.
 * A line longer than the limit arrives cut (one byte over the limit), its rest is skipped without being held.
 */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

export class ByteLines {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private lineNumber = 0;

  /** `onLine` gets the bytes without the line end (valid during the call only) and the number from 1. */
  constructor(
    private readonly bytesMax: number,
    private readonly onLine: (line: Uint8Array, lineNumber: number) => void,
  ) {}

  push(chunk: Uint8Array): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.hold(chunk.subarray(start, end));
      this.emit();
      start = end + 1;
    }
    // Copied: the reader reuses its buffer.
    if (start < chunk.length) this.hold(chunk.slice(start));
  }

  /** The input ended: a last line without a newline counts. */
  end(): void {
    if (this.pendingBytes > 0) this.emit();
  }

  private hold(piece: Uint8Array): void {
    const room = this.bytesMax + 1 - this.pendingBytes;
    const kept = piece.length > room ? piece.subarray(0, Math.max(0, room)) : piece;
    if (kept.length === 0) return;
    this.pending.push(kept);
    this.pendingBytes += kept.length;
  }

  private emit(): void {
    const line = this.pending.length === 1 ? this.pending[0]! : Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    this.lineNumber++;
    const length = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    this.onLine(length === line.length ? line : line.subarray(0, length), this.lineNumber);
  }
}
