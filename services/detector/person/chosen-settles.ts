/**
 * Kept swipes that a rule picks out as what its finding rests on: found newest first, told oldest first. One list is
 * used for all rules, so that looking for evidence that is not there costs the collector nothing.
 *
 * Owns: the positions chosen since `begin`.
 * Does not own: the entries; positions hold until the record is written to.
 */

import { EVENT_ID_BYTES_MAX, eventIdText } from "./event-id.js";
import type { KeptSwipes } from "./kept-swipes.js";
import { SETTLES_MAX } from "./layout.js";

const NOT_ASCII_BITS = 0x80808080;

export class ChosenSettles {
  count = 0;
  private readonly positions = new Int32Array(SETTLES_MAX);

  constructor(private readonly settles: KeptSwipes) {}

  /** None is chosen. */
  begin(): void {
    this.count = 0;
  }

  /** An older one than those chosen before. */
  add(at: number): void {
    this.positions[this.count++] = at;
  }

  /**
   * Their eventIds, oldest first. A call into the engine costs more than the bytes of an eventId: those in ASCII, which
   * nearly all are, are copied behind one another, made one text in one call, and cut.
   */
  eventIds(): string[] {
    const { settles, positions, count } = this;
    if (count === 1) return [settles.eventId(positions[0]!)];
    let bits = 0;
    let length = 0;
    for (let index = count - 1; index >= 0; index--) {
      bits |= settles.copyEventId(positions[index]!, COPIES_VIEW, length);
      length += settles.idBytes(positions[index]!);
    }
    const isAscii = (bits & NOT_ASCII_BITS) === 0;
    const all = isAscii ? COPIES.toString("latin1", 0, length) : "";
    const texts = new Array<string>(count);
    let start = 0;
    for (let told = 0; told < count; told++) {
      const end = start + settles.idBytes(positions[count - 1 - told]!);
      texts[told] = isAscii ? all.substring(start, end) : eventIdText(COPIES, start, end);
      start = end;
    }
    return texts;
  }
}

/** Filled and read within one call. */
const COPIES = Buffer.alloc(SETTLES_MAX * EVENT_ID_BYTES_MAX);
const COPIES_VIEW = new DataView(COPIES.buffer, COPIES.byteOffset, COPIES.length);
