/**
 * The swipes a person record keeps: up to 64 settles (sorted by time) and 8 authorizes (in order of arrival).
 *
 * An entry, `at` being its first byte:
 * ```
 *  0 u48 t                 6 u16 flags           8 u32 content tag
 * 12 u48 institution      18 u48 chain          24 u32 region         28 i32 longitude  32 i32 latitude (1e-6°)
 * 36 u48 totalFen         42 u48 accountFen     48 u48 balanceBefore  (all ones: missing)
 * 54 u8 card              55 u8 credential | pharmacy << 3 | action << 4 | first action << 6
 * 56 2 ASCII response code  58 u8 revisions     59 u8 eventId bytes
 * 60    eventId (UTF-8), findings block of 24 bytes (if any), u48 listedFen (if any), padding, u16 entry length
 * ```
 * The length stands last so that entries are walked from the newest back.
 * Behind the entries stands one u32 eventId tag for each, in their order: an eventId is looked for in these, without
 * touching the entries, which lie in memory that is cold for nearly every swipe.
 */

import type { Swipe } from "../swipe.js";
import { FEN_MISSING, idTagOf } from "../swipe.js";
import { copyBytes, readU48, U48_MISSING, writeU48 } from "./bytes.js";
import { eventIdText } from "./event-id.js";
import {
  FINDINGS_BYTES,
  type Findings,
  hasFindings,
  NO_FINDINGS,
  readFindings,
  writeFindings,
} from "./kept-findings.js";
import {
  AUTHORIZES_MAX,
  OFFSET_AUTHORIZE_COUNT,
  OFFSET_SETTLE_COUNT,
  SETTLE_AGE_MAX_MS,
  SETTLES_MAX,
  Section,
} from "./layout.js";
import type { PersonRecord } from "./person-record.js";

/** No entry. */
export const NONE = -1;

export const KeptFlag = {
  CANCELLED: 1,
  /** A later settle with `challengeOf` took its place (rules.md 0.3). */
  SUPERSEDED: 2,
  EMERGENCY: 4,
  IN_PATIENT_VISIT: 8,
  LINKED: 16,
  HOME: 32,
  AWAY: 64,
  FINDINGS: 128,
  LISTED: 256,
  BACKDATED: 512,
  FEED_STALE: 1024,
  LATE_DUPLICATE_RISK: 2048,
  DEGRADED: 4096,
} as const;
/** The topmost three bits of the flags: under which key it was decided (person/links.ts), 0 for the person's own. */
const FORMER_SHIFT = 13;
const FLAGS_MASK = (1 << FORMER_SHIFT) - 1;
const UNCOUNTED = KeptFlag.CANCELLED | KeptFlag.SUPERSEDED;

const FIXED_BYTES = 60;
const TAG_BYTES = 4;
const LISTED_BYTES = 6;
const LENGTH_BYTES = 2;
const CACHE_LINE_BYTES = 64;
/** Eight entries. */
const FETCHED_BYTES = 1024;

export class KeptSwipes {
  /** Of no meaning: a use of what `fetchBefore` reads, so that the reads are not optimised away. */
  fetched = 0;
  private readonly isSettles: boolean;

  constructor(
    private readonly record: PersonRecord,
    readonly section: typeof Section.SETTLES | typeof Section.AUTHORIZES,
  ) {
    this.isSettles = section === Section.SETTLES;
  }

  // walking ------------------------------------------------------------------------------------------

  newest(): number {
    return this.before(this.entriesEnd());
  }

  /** The entry before position `at`, or NONE. */
  before(at: number): number {
    const { record } = this;
    if (at === record.start(this.section)) return NONE;
    return at - record.view.getUint16(record.base + at - LENGTH_BYTES, true);
  }

  /**
   * Asks memory for the entries before `at` that lie in FETCHED_BYTES. Walked to one after another each would be waited
   * for; asked for at once, memory brings them together.
   */
  fetchBefore(at: number): void {
    const { view, base } = this.record;
    const end = Math.max(this.record.start(this.section), at - FETCHED_BYTES);
    let sum = 0;
    for (let line = at; line > end; line -= CACHE_LINE_BYTES) sum += view.getUint8(base + line);
    this.fetched = sum;
  }

  oldest(): number {
    return this.record.size(this.section) === 0 ? NONE : this.record.start(this.section);
  }

  /** The entry after `at`, or NONE. */
  after(at: number): number {
    const next = at + this.length(at);
    return next === this.entriesEnd() ? NONE : next;
  }

  count(): number {
    return this.isSettles ? this.record.settleCount() : this.record.authorizeCount();
  }

  /** The entry of an eventId, or NONE. */
  find(eventId: string, idTag: number): number {
    for (
      let newer = this.newerThanTag(idTag, 0);
      newer !== NONE;
      newer = this.newerThanTag(idTag, newer + 1)
    ) {
      const at = this.entry(newer);
      if (this.eventId(at) === eventId) return at;
    }
    return NONE;
  }

  /** The entry of the swipe's own eventId, or NONE. */
  findOwn(swipe: Swipe): number {
    const { idTag } = swipe;
    for (
      let newer = this.newerThanTag(idTag, 0);
      newer !== NONE;
      newer = this.newerThanTag(idTag, newer + 1)
    ) {
      const at = this.entry(newer);
      if (this.hasIdOf(at, swipe)) return at;
    }
    return NONE;
  }

  /** How many entries are newer than the newest with this tag, leaving out the `from` newest; NONE without any. */
  private newerThanTag(idTag: number, from: number): number {
    const { view, base } = this.record;
    const end = base + this.record.end(this.section) - TAG_BYTES;
    const count = this.count();
    for (let newer = from; newer < count; newer++)
      if (view.getUint32(end - newer * TAG_BYTES, true) === idTag) return newer;
    return NONE;
  }

  /** The entry that so many are newer than. */
  private entry(newer: number): number {
    let at = this.newest();
    for (let left = newer; left > 0; left--) at = this.before(at);
    return at;
  }

  private entriesEnd(): number {
    return this.record.end(this.section) - this.count() * TAG_BYTES;
  }

  private hasIdOf(at: number, { id }: Swipe): boolean {
    return this.idBytes(at) === id.length && id.isAt(this.record.bytes, this.record.base + at + FIXED_BYTES);
  }

  // reading ------------------------------------------------------------------------------------------

  t(at: number): number {
    return readU48(this.record.view, this.record.base + at);
  }
  flags(at: number): number {
    return this.record.view.getUint16(this.record.base + at + 6, true);
  }
  has(at: number, flag: number): boolean {
    return (this.flags(at) & flag) !== 0;
  }
  /** Number of the former key it was decided under; 0 for the person's own. */
  former(at: number): number {
    return this.flags(at) >>> FORMER_SHIFT;
  }
  /** Neither cancelled nor replaced: part of the windows. */
  isCounted(at: number): boolean {
    return (this.flags(at) & UNCOUNTED) === 0;
  }
  idTag(at: number): number {
    return idTagOf(this.eventId(at));
  }
  contentTag(at: number): number {
    return this.record.view.getUint32(this.record.base + at + 8, true);
  }
  institution(at: number): number {
    return readU48(this.record.view, this.record.base + at + 12);
  }
  chain(at: number): number {
    return readU48(this.record.view, this.record.base + at + 18);
  }
  region(at: number): number {
    return this.record.view.getUint32(this.record.base + at + 24, true);
  }
  longitudeE6(at: number): number {
    return this.record.view.getInt32(this.record.base + at + 28, true);
  }
  latitudeE6(at: number): number {
    return this.record.view.getInt32(this.record.base + at + 32, true);
  }
  totalFen(at: number): number {
    return readU48(this.record.view, this.record.base + at + 36);
  }
  accountFen(at: number): number {
    return this.optionalFen(at + 42);
  }
  balanceBeforeFen(at: number): number {
    return this.optionalFen(at + 48);
  }
  /** Card reference (person/cards.ts). */
  card(at: number): number {
    return this.record.view.getUint8(this.record.base + at + 54);
  }
  credential(at: number): number {
    return this.kindByte(at) & 7;
  }
  atPharmacy(at: number): boolean {
    return (this.kindByte(at) & 8) !== 0;
  }
  /** The action after revisions. */
  action(at: number): number {
    return (this.kindByte(at) >> 4) & 3;
  }
  /** The action of the decision itself. */
  firstAction(at: number): number {
    return this.kindByte(at) >> 6;
  }
  responseCode(at: number): string {
    const { view, base } = this.record;
    return String.fromCharCode(view.getUint8(base + at + 56), view.getUint8(base + at + 57));
  }
  revisions(at: number): number {
    return this.record.view.getUint8(this.record.base + at + 58);
  }
  eventId(at: number): string {
    const start = this.record.base + at + FIXED_BYTES;
    return eventIdText(this.record.bytes, start, start + this.idBytes(at));
  }
  /** Copies the eventId's bytes; returns them all, one over the other. */
  copyEventId(at: number, to: DataView, toStart: number): number {
    const { view, base } = this.record;
    const start = base + at + FIXED_BYTES;
    const bytes = this.idBytes(at);
    let bits = 0;
    let i = 0;
    for (; i + 4 <= bytes; i += 4) {
      const word = view.getInt32(start + i, true);
      bits |= word;
      to.setInt32(toStart + i, word, true);
    }
    for (; i < bytes; i++) {
      const byte = view.getUint8(start + i);
      bits |= byte;
      to.setUint8(toStart + i, byte);
    }
    return bits;
  }
  listedFen(at: number): number {
    if (!this.has(at, KeptFlag.LISTED)) return FEN_MISSING;
    const findings = this.has(at, KeptFlag.FINDINGS) ? FINDINGS_BYTES : 0;
    return readU48(this.record.view, this.record.base + at + FIXED_BYTES + this.idBytes(at) + findings);
  }
  findings(at: number): Findings {
    if (!this.has(at, KeptFlag.FINDINGS)) return { ...NO_FINDINGS };
    return readFindings(this.record.view, this.record.base + at + FIXED_BYTES + this.idBytes(at));
  }

  private kindByte(at: number): number {
    return this.record.view.getUint8(this.record.base + at + 55);
  }
  /** Bytes of the eventId. */
  idBytes(at: number): number {
    return this.record.view.getUint8(this.record.base + at + 59);
  }
  private optionalFen(at: number): number {
    const value = readU48(this.record.view, this.record.base + at);
    return value === U48_MISSING ? FEN_MISSING : value;
  }
  private length(at: number): number {
    return entryLength(this.idBytes(at), this.flags(at));
  }

  // writing ------------------------------------------------------------------------------------------

  setFlag(at: number, flag: number): void {
    this.record.view.setUint16(this.record.base + at + 6, this.flags(at) | flag, true);
  }

  setFormer(at: number, former: number): void {
    const flags = (this.flags(at) & FLAGS_MASK) | (former << FORMER_SHIFT);
    this.record.view.setUint16(this.record.base + at + 6, flags, true);
  }

  setCard(at: number, card: number): void {
    this.record.view.setUint8(this.record.base + at + 54, card);
  }

  /** A copy of an entry's bytes. */
  copy(at: number): Uint8Array {
    const start = this.record.base + at;
    return this.record.bytes.slice(start, start + this.length(at));
  }

  /** Puts copies of entries, in their order, in the place of all. */
  replaceAll(entries: readonly { readonly bytes: Uint8Array; readonly idTag: number }[]): void {
    const { record, section } = this;
    const count = this.isSettles ? OFFSET_SETTLE_COUNT : OFFSET_AUTHORIZE_COUNT;
    record.addToCount(count, -this.count());
    record.close(section, record.start(section), record.size(section));
    for (const { bytes } of entries) {
      const at = record.end(section);
      record.openUnset(section, at, bytes.length);
      record.bytes.set(bytes, record.base + at);
    }
    for (const { idTag } of entries) this.insertTag(0, idTag);
  }

  /** The card number of entries was forgotten: they stay, without a card. */
  forgetCard(card: number, replacement: number): void {
    for (let at = this.newest(); at !== NONE; at = this.before(at))
      if (this.card(at) === card) this.record.view.setUint8(this.record.base + at + 54, replacement);
  }

  /**
   * Keeps a swipe; `flags` are KeptFlags besides FINDINGS and LISTED. When full, the oldest settle (by time)
   * or the first authorize (by arrival) is dropped, `onDrop` seeing it first; a settle beyond the age limit,
   * or older than all of 64, is the one dropped.
   */
  keep(swipe: Swipe, verdict: KeptVerdict, onDrop: (at: number) => void): void {
    const newer = this.isSettles ? this.countNewer(swipe.t) : 0;
    const flags = keptFlags(swipe, verdict);
    const length = entryLength(swipe.id.length, flags);
    const at = newer === 0 ? this.entriesEnd() : this.entry(newer - 1);
    if (newer === 0 && this.isSettles) this.openNewest(at, length, swipe.idTag);
    else {
      this.record.openUnset(this.section, at, length);
      this.insertTag(newer, swipe.idTag);
    }
    this.write(at, swipe, verdict, flags, length);
    const limit = this.isSettles ? SETTLES_MAX : AUTHORIZES_MAX;
    while (this.count() > limit) this.dropOldest(onDrop);
    if (this.isSettles) this.dropAged(onDrop);
  }

  /** Replaces what was found, after a revision. */
  revise(at: number, findings: Findings, action: number): void {
    const { record } = this;
    const before = this.length(at);
    const had = this.has(at, KeptFlag.FINDINGS);
    const needs = hasFindings(findings);
    const from = at + FIXED_BYTES + this.idBytes(at);
    if (needs && !had) record.open(this.section, from, FINDINGS_BYTES);
    if (!needs && had) record.close(this.section, from, FINDINGS_BYTES);
    const { view, base } = record;
    const flags = needs ? this.flags(at) | KeptFlag.FINDINGS : this.flags(at) & ~KeptFlag.FINDINGS;
    view.setUint16(base + at + 6, flags, true);
    if (needs) writeFindings(view, base + from, findings);
    view.setUint8(base + at + 55, (this.kindByte(at) & ~0x30) | (action << 4));
    view.setUint8(base + at + 58, Math.min(255, this.revisions(at) + 1));
    const length = this.length(at);
    view.setUint16(base + at + length - LENGTH_BYTES, length, true);
    if (length !== before && needs === had) throw new Error("a revision changed an entry's length");
  }

  /** How many entries are later than t: a settle belongs behind all of the same or an earlier time. */
  private countNewer(t: number): number {
    let newer = 0;
    for (let at = this.newest(); at !== NONE && this.t(at) > t; at = this.before(at)) newer++;
    return newer;
  }

  /** Of nearly every settle: room behind the others and its tag behind theirs, at once. */
  private openNewest(at: number, length: number, idTag: number): void {
    const { record } = this;
    record.extend(length + TAG_BYTES, at, length);
    record.view.setUint32(record.base + record.end(this.section) - TAG_BYTES, idTag, true);
    record.addToCount(OFFSET_SETTLE_COUNT, 1);
  }

  private insertTag(newer: number, idTag: number): void {
    const { record } = this;
    const at = record.end(this.section) - newer * TAG_BYTES;
    record.openUnset(this.section, at, TAG_BYTES);
    record.view.setUint32(record.base + at, idTag, true);
    record.addToCount(this.isSettles ? OFFSET_SETTLE_COUNT : OFFSET_AUTHORIZE_COUNT, 1);
  }

  private write(at: number, swipe: Swipe, verdict: KeptVerdict, flags: number, length: number): void {
    const { view, base } = this.record;
    const { id } = swipe;
    const idBytes = id.length;
    const entry = base + at;
    writeU48(view, entry, swipe.t);
    view.setUint16(entry + 6, flags, true);
    view.setUint32(entry + 8, swipe.contentTag, true);
    writeU48(view, entry + 12, swipe.institution);
    writeU48(view, entry + 18, swipe.chain);
    view.setUint32(entry + 24, swipe.careRegion, true);
    view.setInt32(entry + 28, swipe.longitudeE6, true);
    view.setInt32(entry + 32, swipe.latitudeE6, true);
    writeU48(view, entry + 36, swipe.totalFen);
    writeU48(view, entry + 42, swipe.accountFen === FEN_MISSING ? U48_MISSING : swipe.accountFen);
    writeU48(view, entry + 48, swipe.balanceBeforeFen === FEN_MISSING ? U48_MISSING : swipe.balanceBeforeFen);
    const { action, responseCode } = verdict;
    const kinds = swipe.credential | (swipe.atPharmacy ? 8 : 0) | (action << 4) | (action << 6);
    const code = responseCode.charCodeAt(0) | (responseCode.charCodeAt(1) << 8);
    view.setInt32(entry + 54, verdict.card | (kinds << 8) | (code << 16), true);
    // No revisions.
    view.setUint16(entry + 58, idBytes << 8, true);
    copyBytes(view, entry + FIXED_BYTES, id.view, id.start, idBytes);
    let next = entry + FIXED_BYTES + idBytes;
    if ((flags & KeptFlag.FINDINGS) !== 0) {
      writeFindings(view, next, verdict.findings);
      next += FINDINGS_BYTES;
    }
    if (swipe.listedFen !== FEN_MISSING) {
      writeU48(view, next, swipe.listedFen);
      next += LISTED_BYTES;
    }
    // Padding, if any.
    if (next < entry + length - LENGTH_BYTES) view.setUint8(next, 0);
    view.setUint16(entry + length - LENGTH_BYTES, length, true);
  }

  private dropOldest(onDrop: (at: number) => void): void {
    onDrop(this.record.start(this.section));
    // Read again: what `onDrop` writes in front of this section moves it.
    const at = this.record.start(this.section);
    this.record.close(this.section, at, this.length(at));
    this.record.close(this.section, this.entriesEnd(), TAG_BYTES);
    this.record.addToCount(this.isSettles ? OFFSET_SETTLE_COUNT : OFFSET_AUTHORIZE_COUNT, -1);
  }

  private dropAged(onDrop: (at: number) => void): void {
    const limit = this.t(this.newest()) - SETTLE_AGE_MAX_MS;
    while (this.t(this.record.start(this.section)) < limit) this.dropOldest(onDrop);
  }
}

/** What is kept of a judgement beside the swipe itself. */
export interface KeptVerdict {
  readonly card: number;
  readonly action: number;
  /** Exactly two ASCII characters. */
  readonly responseCode: string;
  readonly flags: number;
  readonly findings: Findings;
}

function keptFlags(swipe: Swipe, { flags, findings }: KeptVerdict): number {
  return (
    flags |
    (hasFindings(findings) ? KeptFlag.FINDINGS : 0) |
    (swipe.listedFen === FEN_MISSING ? 0 : KeptFlag.LISTED)
  );
}

function entryLength(idBytes: number, flags: number): number {
  const findings = (flags & KeptFlag.FINDINGS) !== 0 ? FINDINGS_BYTES : 0;
  const listed = (flags & KeptFlag.LISTED) !== 0 ? LISTED_BYTES : 0;
  return (FIXED_BYTES + idBytes + findings + listed + LENGTH_BYTES + 1) & ~1;
}
