/** Reads the fields of an answer one after another, without copies. */

import { readInt64 } from "./int64.js";

export class WireCursor {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  int64(): number {
    this.at += 8;
    return readInt64(this.bytes, this.at - 8);
  }

  skip(bytes: number): void {
    this.at = this.checked(this.at + bytes);
  }

  text(): string {
    return this.textOrNone() ?? "";
  }

  /** null where there is none, which is not the empty one. */
  textOrNone(): string | null {
    const start = this.at + 2;
    const length = this.int16();
    if (length < 0) return null;
    this.at = this.checked(start + length);
    return this.bytes.toString("utf8", start, this.at);
  }

  /** A view, empty for none. */
  bytesBlock(): Buffer {
    const start = this.at + 4;
    const length = Math.max(0, this.int32());
    this.at = this.checked(start + length);
    return this.bytes.subarray(start, this.at);
  }

  array<Element>(read: (cursor: WireCursor) => Element): Element[] {
    const elements: Element[] = [];
    for (let left = this.int32(); left > 0; left--) elements.push(read(this));
    return elements;
  }

  private checked(end: number): number {
    if (end > this.bytes.length)
      throw new RangeError(`a field ends at byte ${end} of an answer of ${this.bytes.length}`);
    return end;
  }
}
