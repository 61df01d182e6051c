/** Small memories of moments: append times of loss reports, refunds, passed challenges, feedback. */

import { Entries } from "./entries.js";
import {
  BYTES_FEEDBACK,
  BYTES_LOSS_APPEND,
  BYTES_PASS,
  BYTES_REFUND,
  FEEDBACK_MAX,
  LOSS_APPENDS_MAX,
  PASSES_MAX,
  REFUNDS_MAX,
  Section,
} from "./layout.js";
import type { PersonRecord } from "./person-record.js";

export const FeedbackVerdict = { HONEST: 0, CONFIRMED: 1 } as const;
export type FeedbackVerdict = (typeof FeedbackVerdict)[keyof typeof FeedbackVerdict];

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

/**
 * Feedback on rules (rules.md 0.13), in order of arrival. It counts by its own time, so that a late swipe, or one judged
 * again, is softened by what held at its moment.
 * Entry: f64 when, u8 rule, u8 verdict (0 honest, 1 confirmed), 2 spare.
 * When full, the earliest of the rule that has the most is dropped: no rule's feedback costs another rule its own.
 */
export class Feedback extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.FEEDBACK, BYTES_FEEDBACK, FEEDBACK_MAX);
  }

  add(rule: number, verdict: FeedbackVerdict, atMs: number): void {
    if (this.count() === FEEDBACK_MAX) this.remove(this.leastNeeded());
    const entry = this.push();
    this.record.view.setFloat64(entry, atMs, true);
    this.record.view.setUint8(entry + 8, rule);
    this.record.view.setUint8(entry + 9, verdict);
  }

  /** Adds another's feedback as what arrived before this one's. */
  mergeEarlier(earlier: Feedback): void {
    const all = [...earlier.copies(), ...this.copies()];
    this.replaceAll([]);
    for (const entry of all) {
      if (this.count() === FEEDBACK_MAX) this.remove(this.leastNeeded());
      this.replaceAll([...this.copies(), entry]);
    }
  }

  /** Rules (bits) whose last feedback up to t was honest and is at most `windowMs` old. */
  clearedAt(t: number, windowMs: number): number {
    let rules = 0;
    for (let index = 0; index < this.count(); index++) {
      const age = t - this.when(index);
      if (age < 0 || age > windowMs || this.isConfirmed(index)) continue;
      if (!this.isSuperseded(index, t)) rules |= 1 << this.rule(index);
    }
    return rules;
  }

  /** Is there later feedback on the rule, up to t? Of the same moment the later arrival counts. */
  private isSuperseded(index: number, t: number): boolean {
    for (let other = 0; other < this.count(); other++) {
      if (other === index || this.rule(other) !== this.rule(index) || this.when(other) > t) continue;
      const later = this.when(other) - this.when(index);
      if (later > 0 || (later === 0 && other > index)) return true;
    }
    return false;
  }

  private leastNeeded(): number {
    const counts = new Uint8Array(32);
    for (let index = 0; index < this.count(); index++) counts[this.rule(index)]!++;
    const most = Math.max(...counts);
    let least = -1;
    for (let index = 0; index < this.count(); index++)
      if (counts[this.rule(index)] === most && (least < 0 || this.when(index) < this.when(least)))
        least = index;
    return least;
  }

  private when(index: number): number {
    return this.record.view.getFloat64(this.absolute(index), true);
  }
  private rule(index: number): number {
    return this.record.view.getUint8(this.absolute(index) + 8);
  }
  private isConfirmed(index: number): boolean {
    return this.record.view.getUint8(this.absolute(index) + 9) === FeedbackVerdict.CONFIRMED;
  }
}
