/**
 * Other keys of the same person: those that moved to this one, and the one it moved to (docs/decisions/0009).
 *
 * They stand behind the facts block. Entry: 16 key, f64 offset, u8 kind, 7 spare.
 * The offset is the last one, in the journal partition of that key, of which something was taken in here: what the
 * carrier brings again is at or below it. The place of the key it moved to has there instead which link that was
 * (32 bits of its eventId's hash) times 2^16, and how often this person's own state came home since.
 *
 * A kept swipe names the key it was decided under by its place in this table, from 1 (`KeptSwipes.former`): 3 bits.
 * When full (8), a key that only sent something is dropped, else the first that moved here; the one it moved to stays.
 */

import type { Hop } from "../../../schemas/journal.js";
import type { Facts } from "./facts.js";
import { BYTES_FACTS, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

const BYTES_LINK = 32;
/** The three bits of a kept swipe say 0 to 7; the eighth place is for the key it moved to. */
export const LINKS_MAX = 8;
const RETURNS = 1 << 16;
const KEY_WORDS = [0, 4, 8, 12] as const;

export const LinkKind = {
  /** Its state is part of this one. */
  MERGED: 1,
  /** Only sent something through here. */
  SENDER: 2,
  /** Where this person moved. */
  MOVED: 3,
} as const;
type LinkKind = (typeof LinkKind)[keyof typeof LinkKind];

const NOTHING = -1;

export class Links {
  constructor(
    private readonly record: PersonRecord,
    private readonly facts: Facts,
  ) {}

  count(): number {
    const bytes = this.record.size(Section.FACTS) - BYTES_FACTS;
    return bytes <= 0 ? 0 : bytes / BYTES_LINK;
  }

  /** The key this person moved to, or null. */
  movedTo(): string | null {
    const index = this.count() === 0 ? NOTHING : this.indexOfKind(LinkKind.MOVED);
    return index === NOTHING ? null : this.key(index);
  }

  /** @param link tells this link from others of the person: 32 bits. */
  setMoved(toKey: string, link: number): void {
    this.enter(toKey, LinkKind.MOVED, link * RETURNS);
  }

  /** How what has moved is sent on. */
  hop(): Hop {
    const mark = Math.max(
      0,
      this.record.view.getFloat64(this.at(this.indexOfKind(LinkKind.MOVED)) + 16, true),
    );
    return { link: Math.floor(mark / RETURNS), returns: mark % RETURNS };
  }

  /** The person's own state came home and is sent on. */
  countReturn(): void {
    const { link, returns } = this.hop();
    const mark = link * RETURNS + ((returns + 1) % RETURNS);
    this.record.view.setFloat64(this.at(this.indexOfKind(LinkKind.MOVED)) + 16, mark, true);
  }

  /** The link was undone. */
  clearMoved(): void {
    this.remove(this.indexOfKind(LinkKind.MOVED));
  }

  isMerged(key: string): boolean {
    return this.mergedAt(key) !== NOTHING;
  }

  /** Keys that moved here, in the order of their places. */
  mergedKeys(): string[] {
    return this.places()
      .filter((index) => this.kind(index) === LinkKind.MERGED)
      .map((index) => this.key(index));
  }

  /** Number of a key that moved here, as kept swipes name it. */
  formerOf(key: string): number {
    return this.mergedAt(key) + 1;
  }

  /** The key behind such a number; null for the person's own (0). */
  keyOfFormer(former: number): string | null {
    return former === 0 ? null : this.key(former - 1);
  }

  /** Enters a key as moved here; a new one needs room (`isFull`). */
  setMerged(key: string): void {
    const sender = this.find(key, LinkKind.SENDER);
    if (sender === NOTHING) this.enter(key, LinkKind.MERGED, NOTHING);
    else this.record.view.setUint8(this.at(sender) + 24, LinkKind.MERGED);
  }

  isFull(): boolean {
    return this.count() === LINKS_MAX - (this.movedTo() === null ? 1 : 0);
  }

  /** Index of the place that gives way to another key. */
  leastNeeded(): number {
    return this.firstSender() ?? this.indexOfKind(LinkKind.MERGED);
  }

  /** Index of the first key that only sent something; null for none. */
  firstSender(): number | null {
    const index = this.indexOfKind(LinkKind.SENDER);
    return index === NOTHING ? null : index;
  }

  remove(index: number): void {
    this.record.close(Section.FACTS, this.at(index) - this.record.base, BYTES_LINK);
  }

  /** Offset of the last record of that key taken in here; -1 for none. */
  lastOffsetOf(senderKey: string): number {
    const index = this.senderAt(senderKey);
    return index === NOTHING ? NOTHING : this.record.view.getFloat64(this.at(index) + 16, true);
  }

  /** The caller made room for a sender that is not here yet. */
  setLastOffset(senderKey: string, offset: number): void {
    const index = this.senderAt(senderKey);
    if (index === NOTHING) this.enter(senderKey, LinkKind.SENDER, offset);
    else this.record.view.setFloat64(this.at(index) + 16, offset, true);
  }

  knowsSender(key: string): boolean {
    return this.senderAt(key) !== NOTHING;
  }

  private mergedAt(key: string): number {
    return this.find(key, LinkKind.MERGED);
  }

  private senderAt(key: string): number {
    const merged = this.mergedAt(key);
    return merged === NOTHING ? this.find(key, LinkKind.SENDER) : merged;
  }

  private find(key: string, kind: LinkKind): number {
    return this.places().find((index) => this.kind(index) === kind && this.key(index) === key) ?? NOTHING;
  }

  private indexOfKind(kind: LinkKind): number {
    return this.places().find((index) => this.kind(index) === kind) ?? NOTHING;
  }

  private places(): number[] {
    return Array.from({ length: this.count() }, (_, index) => index);
  }

  private kind(index: number): number {
    return this.record.view.getUint8(this.at(index) + 24);
  }

  private key(index: number): string {
    return KEY_WORDS.map((word) => this.record.view.getUint32(this.at(index) + word, false))
      .map((word) => word.toString(16).padStart(8, "0"))
      .join("");
  }

  private enter(key: string, kind: LinkKind, offset: number): void {
    this.facts.ensure();
    const { record } = this;
    record.open(Section.FACTS, record.end(Section.FACTS), BYTES_LINK);
    const entry = record.base + record.end(Section.FACTS) - BYTES_LINK;
    for (const word of KEY_WORDS)
      record.view.setUint32(entry + word, Number.parseInt(key.slice(2 * word, 2 * word + 8), 16), false);
    record.view.setFloat64(entry + 16, offset, true);
    record.view.setUint8(entry + 24, kind);
  }

  private at(index: number): number {
    return this.record.base + this.record.start(Section.FACTS) + BYTES_FACTS + index * BYTES_LINK;
  }
}
