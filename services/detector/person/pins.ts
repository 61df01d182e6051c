/**
 * PIN results, sorted by time, at most eight a card (the oldest is dropped).
 * Entry: u48 t, u8 card reference, u8 result (0 ok, 1 wrong), u32 of the institution's hash.
 */

import { readU48, writeU48 } from "./bytes.js";
import { Entries } from "./entries.js";
import { BYTES_PIN, CARDS_MAX, PINS_PER_CARD_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

export class Pins extends Entries {
  constructor(record: PersonRecord) {
    // PINs without a card number are not kept (rules.md 0.6: a missing field makes the clause silent).
    super(record, Section.PINS, BYTES_PIN, CARDS_MAX * PINS_PER_CARD_MAX);
  }

  t(index: number): number {
    return readU48(this.record.view, this.absolute(index));
  }
  card(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 6);
  }
  isWrong(index: number): boolean {
    return this.record.view.getUint8(this.absolute(index) + 7) === 1;
  }
  institution(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 8, true);
  }

  add(card: number, t: number, wrong: boolean, institution: number): void {
    let index = this.count();
    while (index > 0 && this.t(index - 1) > t) index--;
    const entry = this.insert(index);
    const { view } = this.record;
    writeU48(view, entry, t);
    view.setUint8(entry + 6, card);
    view.setUint8(entry + 7, wrong ? 1 : 0);
    view.setUint32(entry + 8, institution >>> 0, true);
    this.dropOldestOf(card);
  }

  removeOfCard(card: number): void {
    for (let index = this.count() - 1; index >= 0; index--) if (this.card(index) === card) this.remove(index);
  }

  private dropOldestOf(card: number): void {
    let kept = 0;
    let oldest = -1;
    for (let index = this.count() - 1; index >= 0; index--) {
      if (this.card(index) !== card) continue;
      kept++;
      oldest = index;
    }
    if (kept > PINS_PER_CARD_MAX) this.remove(oldest);
  }
}
