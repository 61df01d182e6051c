import { GrowingBytes, type NativeColumn, NativeValueError } from "./native-column.js";
import { VARINT_BYTES_MAX, writeVarint } from "./varint.js";

/** UTF-16 units whose UTF-8 always has a length of one byte: three bytes each are at most 127. */
const UNITS_OF_SHORT = 42;
/** Up to here a loop over bytes is faster than a call into the runtime: keys, hashes, identifiers. */
const BYTES_OF_LOOP = 96;
const ASCII_MAX = 0x7f;

/** Texts: length as a varint, then UTF-8. A text of no bytes is a zero. */
export class TextColumn implements NativeColumn {
  rows = 0;
  private length = 0;
  private readonly memory = new GrowingBytes();

  set(row: number, value: unknown): void {
    if (typeof value !== "string") throw new NativeValueError("expected a text");
    // Three bytes are the most a UTF-16 unit can take.
    this.begin(row, 3 * value.length);
    if (value.length <= UNITS_OF_SHORT) this.writeShort(value);
    else this.writeLong(value);
  }

  /** Takes bytes that are UTF-8. */
  slice(row: number, source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.begin(row, size);
    const { bytes } = this.memory;
    let at = writeVarint(bytes, this.length, size);
    this.length = at + size;
    if (size === source.length) bytes.set(source, at);
    else if (size > BYTES_OF_LOOP) bytes.set(source.subarray(start, end), at);
    else for (let from = start; from < end; from++) bytes[at++] = source[from]!;
  }

  appendTo(parts: Uint8Array[], rows: number): void {
    const end = this.length + rows - this.rows;
    this.memory.reserve(end);
    parts.push(this.memory.bytes.subarray(0, end));
  }

  clear(): void {
    this.memory.clear(this.length);
    this.rows = 0;
    this.length = 0;
  }

  /** Rows in between are texts of no bytes: their zeros stand there already. */
  private begin(row: number, bytesMax: number): void {
    this.length += row - this.rows;
    this.rows = row + 1;
    this.memory.reserve(this.length + VARINT_BYTES_MAX + bytesMax);
  }

  private writeShort(text: string): void {
    const { bytes } = this.memory;
    const start = this.length + 1;
    const size = writeAscii(bytes, start, text) ? text.length : bytes.write(text, start);
    bytes[this.length] = size;
    this.length = start + size;
  }

  private writeLong(text: string): void {
    const { bytes } = this.memory;
    const start = writeVarint(bytes, this.length, Buffer.byteLength(text));
    this.length = start + bytes.write(text, start);
  }
}

/** False at a character beyond ASCII: then another writes over it, at least as many bytes. */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > ASCII_MAX) return false;
    bytes[at + i] = unit;
  }
  return true;
}
