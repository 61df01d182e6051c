/**
 * An eventId as records keep it, in UTF-8. Its text is made only when somebody asks: a swipe that came as bytes is
 * judged and kept without one.
 */

import { EVENT_ID_LENGTH_MAX } from "../../../schemas/fields.js";

/** A UTF-16 unit takes three bytes at most. */
export const EVENT_ID_BYTES_MAX = 3 * EVENT_ID_LENGTH_MAX;
const ASCII_END = 0x80;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class EventIdBytes {
  /** Where its `length` bytes stand. */
  view: DataView;
  start = 0;
  length = 0;
  private readonly own = new Uint8Array(EVENT_ID_BYTES_MAX);
  private readonly ownView = new DataView(this.own.buffer);
  private known: string | null = "";

  constructor() {
    this.view = this.ownView;
  }

  get text(): string {
    const { view, start, length } = this;
    this.known ??= eventIdText(new Uint8Array(view.buffer, view.byteOffset + start, length), 0, length);
    return this.known;
  }

  set text(text: string) {
    this.known = text;
    this.view = this.ownView;
    this.start = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ASCII_END) {
        this.length = encoder.encodeInto(text, this.own).written;
        return;
      }
      this.own[i] = code;
    }
    this.length = text.length;
  }

  /** UTF-8 that stays where it is for as long as this stands for it. */
  lookAt(view: DataView, start: number, end: number): void {
    this.known = null;
    this.view = view;
    this.start = start;
    this.length = end - start;
  }

  /** Do these bytes stand at `at` of `bytes`? */
  isAt(bytes: Uint8Array, at: number): boolean {
    const { view, start } = this;
    for (let i = 0; i < this.length; i++) if (bytes[at + i] !== view.getUint8(start + i)) return false;
    return true;
  }
}

export function eventIdText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
