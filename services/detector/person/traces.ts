/**
 * Trace codes settled by the person and not returned (R20): the last 64, the first eight of a swipe.
 * Entry: u32, u32 hash of the code, u32 tag of the settle's eventId, u48 t, 2 spare.
 */

import { readU48, writeU48 } from "./bytes.js";
import { Entries } from "./entries.js";
import { BYTES_TRACE, Section, TRACES_MAX } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

const HIGH = 4_294_967_296;

export class Traces extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.TRACES, BYTES_TRACE, TRACES_MAX);
  }

  add(hash: number, settleTag: number, t: number): void {
    const entry = this.push();
    const { view } = this.record;
    view.setUint32(entry, hash >>> 0, true);
    view.setUint32(entry + 4, Math.trunc(hash / HIGH), true);
    view.setUint32(entry + 8, settleTag, true);
    writeU48(view, entry + 12, t);
  }

  /** Was this code settled at or before t, by another settle than the one with `exceptTag`? */
  isSettled(hash: number, t: number, exceptTag: number): boolean {
    const { view } = this.record;
    for (let index = 0; index < this.count(); index++) {
      const entry = this.absolute(index);
      if (
        view.getUint32(entry, true) === hash >>> 0 &&
        view.getUint32(entry + 4, true) === Math.trunc(hash / HIGH) &&
        view.getUint32(entry + 8, true) !== exceptTag &&
        readU48(view, entry + 12) <= t
      )
        return true;
    }
    return false;
  }

  /** The settle was cancelled or replaced: its boxes are back. */
  giveBack(settleTag: number): void {
    for (let index = this.count() - 1; index >= 0; index--)
      if (this.record.view.getUint32(this.absolute(index) + 8, true) === settleTag) this.remove(index);
  }
}
