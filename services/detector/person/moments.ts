/** Small memories of moments: append times of loss reports, refunds, passed challenges, cleared rules. */

import { Entries } from "./entries.js";
import {
  BYTES_CLEARED,
  BYTES_LOSS_APPEND,
  BYTES_PASS,
  BYTES_REFUND,
  CLEARED_MAX,
  LOSS_APPENDS_MAX,
  PASSES_MAX,
  REFUNDS_MAX,
  Section,
} from "./layout.js";
import type { PersonRecord } from "./person-record.js";

/** When report-loss and confirm-loss records were appended (BACKDATED, rules.md 0.1). Entry: f64. */
export class LossAppends extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.LOSS_APPENDS, BYTES_LOSS_APPEND, LOSS_APPENDS_MAX);
  }

  add(appendedAtMs: number): void {
    const entry = this.push();
    this.record.view.setFloat64(entry, appendedAtMs, true);
  }

  anyBetween(fromMs: number, toMs: number): boolean {
    for (let index = 0; index < this.count(); index++) {
      const at = this.record.view.getFloat64(this.absolute(index), true);
      if (at >= fromMs && at <= toMs) return true;
    }
    return false;
  }
}

/** Times of cancels and reverses, sorted; the oldest is dropped. Entry: f64. */
export class Refunds extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.REFUNDS, BYTES_REFUND, REFUNDS_MAX);
  }

  add(t: number): void {
    let index = this.count();
    while (index > 0 && this.t(index - 1) > t) index--;
    // Inserting may move the record: its view is read afterwards.
    const entry = this.insert(index);
    this.record.view.setFloat64(entry, t, true);
    if (this.count() > REFUNDS_MAX) this.remove(0);
  }

  /** How many lie within `windowMs` before t, t included. */
  countWithin(t: number, windowMs: number): number {
    let count = 0;
    for (let index = 0; index < this.count(); index++) {
      const age = t - this.t(index);
      if (age >= 0 && age <= windowMs) count++;
    }
    return count;
  }

  private t(index: number): number {
    return this.record.view.getFloat64(this.absolute(index), true);
  }
}

/** Challenges passed on a card. Entry: f64 t, u32 rules, u8 card reference, 3 spare. */
export class Passes extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.PASSES, BYTES_PASS, PASSES_MAX);
  }

  add(card: number, t: number, rules: number): void {
    const entry = this.push();
    this.record.view.setFloat64(entry, t, true);
    this.record.view.setUint32(entry + 8, rules, true);
    this.record.view.setUint8(entry + 12, card);
  }

  /** Rules (bits) passed on this card within `windowMs` before t. */
  rulesAt(card: number, t: number, windowMs: number): number {
    let rules = 0;
    for (let index = 0; index < this.count(); index++) {
      const entry = this.absolute(index);
      const age = t - this.record.view.getFloat64(entry, true);
      if (age < 0 || age > windowMs || this.record.view.getUint8(entry + 12) !== card) continue;
      rules |= this.record.view.getUint32(entry + 8, true);
    }
    return rules;
  }

  removeOfCard(card: number): void {
    for (let index = this.count() - 1; index >= 0; index--)
      if (this.record.view.getUint8(this.absolute(index) + 12) === card) this.remove(index);
  }
}

/** Rules that honest feedback cleared, one entry a rule. Entry: f64 from, u8 rule, 3 spare. */
export class ClearedRules extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.CLEARED, BYTES_CLEARED, CLEARED_MAX);
  }

  clear(rule: number, fromMs: number): void {
    this.end(rule);
    const entry = this.push();
    this.record.view.setFloat64(entry, fromMs, true);
    this.record.view.setUint8(entry + 8, rule);
  }

  end(rule: number): void {
    for (let index = this.count() - 1; index >= 0; index--)
      if (this.record.view.getUint8(this.absolute(index) + 8) === rule) this.remove(index);
  }

  /** Rules (bits) cleared at t. */
  rulesAt(t: number, windowMs: number): number {
    let rules = 0;
    for (let index = 0; index < this.count(); index++) {
      const entry = this.absolute(index);
      const age = t - this.record.view.getFloat64(entry, true);
      if (age >= 0 && age <= windowMs) rules |= 1 << this.record.view.getUint8(entry + 8);
    }
    return rules;
  }
}
