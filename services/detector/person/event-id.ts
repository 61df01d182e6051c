/**
 * An eventId as records keep it, in UTF-8. Its text is made only when somebody asks: a swipe that came as bytes is
 * judged and kept without one.
 */

import { EVENT_ID_LENGTH_MAX } from "../../../schemas/fields.js";
import { copyBytes } from "./bytes.js";

/** A UTF-16 unit takes three bytes at most. */
export const EVENT_ID_BYTES_MAX = 3 * EVENT_ID_LENGTH_MAX;
const ASCII_END = 0x80;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class EventIdBytes {
  readonly bytes = new Uint8Array(EVENT_ID_BYTES_MAX);
  readonly view = new DataView(this.bytes.buffer);
  length = 0;
  private known: string | null = "";

  get text(): string {
    this.known ??= eventIdText(this.bytes, 0, this.length);
    return this.known;
  }

  set text(text: string) {
    this.known = text;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ASCII_END) {
        this.length = encoder.encodeInto(text, this.bytes).written;
        return;
      }
      this.bytes[i] = code;
    }
    this.length = text.length;
  }

  /** UTF-8 of at most EVENT_ID_LENGTH_MAX characters. */
  copyFrom(view: DataView, start: number, end: number): void {
    this.known = null;
    this.length = end - start;
    copyBytes(this.view, 0, view, start, this.length);
  }

  /** Do these bytes stand at `at` of `bytes`? */
  isAt(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.length; i++) if (bytes[at + i] !== this.bytes[i]) return false;
    return true;
  }
}

export function eventIdText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
