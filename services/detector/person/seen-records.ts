/**
 * What is remembered of records that are not kept as swipes, to recognise repeats (rules.md 0.14):
 * the last 16 status and fact records, the last 16 of feedback, and the last 16 pin-checks, cancels and reverses.
 */

import { readU48, writeU48 } from "./bytes.js";
import { Entries } from "./entries.js";
import { BYTES_OTHER, BYTES_SEEN, OTHERS_MAX, SEEN_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

export const SeenSort = { STATUS_OR_FACT: 0, FEEDBACK: 1 } as const;
export type SeenSort = (typeof SeenSort)[keyof typeof SeenSort];

/**
 * Entry: u48 hash of the eventId, u8 sort, 1 spare, u32 content tag. Of each sort 16 are remembered: an analyst's
 * feedback takes no place of the records that settlement networks send.
 */
export class SeenRecords extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.SEEN, BYTES_SEEN, SEEN_MAX * Object.keys(SeenSort).length);
  }

  find(idHash: number): number {
    for (let index = this.count() - 1; index >= 0; index--)
      if (readU48(this.record.view, this.absolute(index)) === idHash) return index;
    return -1;
  }

  contentTag(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 8, true);
  }

  add(idHash: number, contentTag: number, sort: SeenSort): void {
    this.makeRoom(sort);
    const entry = this.push();
    writeU48(this.record.view, entry, idHash);
    this.record.view.setUint8(entry + 6, sort);
    this.record.view.setUint32(entry + 8, contentTag, true);
  }

  private makeRoom(sort: SeenSort): void {
    let first = -1;
    let count = 0;
    for (let index = this.count() - 1; index >= 0; index--) {
      if (this.record.view.getUint8(this.absolute(index) + 6) !== sort) continue;
      first = index;
      count++;
    }
    if (count === SEEN_MAX) this.remove(first);
  }
}

/** Entry: u48 hash of the eventId, u8 action, u8 kind, u32 content tag, u32 challenged rules, 2 ASCII response code, u8 former key (person/links.ts), 1 spare. */
export class OtherSwipes extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.OTHERS, BYTES_OTHER, OTHERS_MAX);
  }

  find(idHash: number): number {
    for (let index = this.count() - 1; index >= 0; index--)
      if (readU48(this.record.view, this.absolute(index)) === idHash) return index;
    return -1;
  }

  action(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 6);
  }

  kind(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 7);
  }

  contentTag(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 8, true);
  }

  challenged(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 12, true);
  }

  /** Number of the former key it was decided under; 0 for the person's own. */
  former(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 18);
  }

  setFormer(index: number, former: number): void {
    this.record.view.setUint8(this.absolute(index) + 18, former);
  }

  responseCode(index: number): string {
    const entry = this.absolute(index);
    return String.fromCharCode(this.record.view.getUint8(entry + 16), this.record.view.getUint8(entry + 17));
  }

  add(other: {
    idHash: number;
    action: number;
    kind: number;
    contentTag: number;
    challenged: number;
    responseCode: string;
  }): void {
    const entry = this.push();
    const { view } = this.record;
    writeU48(view, entry, other.idHash);
    view.setUint8(entry + 6, other.action);
    view.setUint8(entry + 7, other.kind);
    view.setUint32(entry + 8, other.contentTag, true);
    view.setUint32(entry + 12, other.challenged, true);
    view.setUint8(entry + 16, other.responseCode.charCodeAt(0));
    view.setUint8(entry + 17, other.responseCode.charCodeAt(1));
  }
}
