/**
 * The card numbers a person was seen with, and card references.
 *
 * A reference is one byte: the index of a number in this table, or `NUMBERLESS | credential` for swipes and
 * status records that name no number, or `UNSEEN` for a number that is not in the table (yet).
 *
 * Entry: u32 key 0, u32 key 1 (first 8 bytes of the cardKey), 4 tail, u8 credential, u8 tail length,
 * u16 day last seen, 4 spare.
 */

import { Entries } from "./entries.js";
import { BYTES_CARD, CARDS_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

export const NUMBERLESS = 0x80;
export const UNSEEN = 0x7f;
export const CARD_FORGOTTEN = 0x7e;
const TAIL_CHARACTERS = 4;

/** The last characters of a card number, of which a text is made only when somebody asks. */
export class CardTail {
  private known: string | null = "";
  private word = 0;
  private length = 0;

  get text(): string {
    this.known ??= String.fromCharCode(
      ...[0, 8, 16, 24].slice(0, this.length).map((shift) => (this.word >>> shift) & 0xff),
    );
    return this.known;
  }

  set text(text: string) {
    this.known = text;
  }

  /** The last four bytes of the ASCII text between these positions, or all where there are fewer. */
  copyFrom(view: DataView, start: number, end: number): void {
    this.known = null;
    this.length = Math.min(TAIL_CHARACTERS, end - start);
    this.word = view.getInt32(end - this.length, true);
  }
}

/** The first 8 bytes of a cardKey, and the last characters of the number. */
export interface CardNumber {
  readonly cardKey0: number;
  readonly cardKey1: number;
  readonly cardTail: string;
}

export class Cards extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.CARDS, BYTES_CARD, CARDS_MAX);
  }

  /** Index of a number, or UNSEEN. */
  find(credential: number, key0: number, key1: number): number {
    const { view, base } = this.record;
    const start = base + this.record.start(Section.CARDS);
    const end = base + this.record.end(Section.CARDS);
    let index = 0;
    for (let entry = start; entry < end; entry += BYTES_CARD, index++)
      if (
        view.getUint32(entry, true) === key0 &&
        view.getUint32(entry + 4, true) === key1 &&
        view.getUint8(entry + 12) === credential
      )
        return index;
    return UNSEEN;
  }

  credential(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 12);
  }

  key0(index: number): number {
    return this.record.view.getUint32(this.absolute(index), true);
  }

  key1(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 4, true);
  }

  tail(index: number): string {
    const { view } = this.record;
    const entry = this.absolute(index);
    let tail = "";
    for (let i = 0; i < view.getUint8(entry + 13); i++)
      tail += String.fromCharCode(view.getUint8(entry + 8 + i));
    return tail;
  }

  lastSeenDay(index: number): number {
    return this.record.view.getUint16(this.absolute(index) + 14, true);
  }

  see(index: number, day: number): void {
    const { view, base } = this.record;
    const lastSeen = base + this.record.start(Section.CARDS) + index * BYTES_CARD + 14;
    if (day > view.getUint16(lastSeen, true)) view.setUint16(lastSeen, Math.min(day, 0xffff), true);
  }

  isFull(): boolean {
    return this.count() === CARDS_MAX;
  }

  /** Enters a number; the table must have room, or `index` names the entry to overwrite. */
  enter(credential: number, card: CardNumber, day: number, index = this.count()): number {
    const entry = index === this.count() ? this.insert(index) : this.absolute(index);
    const { view } = this.record;
    view.setUint32(entry, card.cardKey0, true);
    view.setUint32(entry + 4, card.cardKey1, true);
    const tail = card.cardTail.slice(0, 4);
    for (let i = 0; i < 4; i++) view.setUint8(entry + 8 + i, i < tail.length ? tail.charCodeAt(i) & 0xff : 0);
    view.setUint8(entry + 12, credential);
    view.setUint8(entry + 13, tail.length);
    view.setUint16(entry + 14, Math.max(0, Math.min(day, 0xffff)), true);
    return index;
  }
}
