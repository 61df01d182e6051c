/**
 * Which place in memory a person's record has: an open-addressing index of two words a slot, a quarter of the key and the
 * place's unit plus one (0: empty).
 *
 * Owns: the slots; how they move into a larger index.
 * Does not own: what stands in a place. Whoever finds a slot compares the key stored there.
 *
 * 1. An index that is full is left as it is and a larger one begun. With every person who enters a few slots move over,
 *    so that no call waits for all of them; until the last one has moved, both are looked at.
 * 2. A moved slot of the old index is marked, so that a person stands in one of the two.
 * 3. Slots are numbers of the index in use, or `~slot` in the one that is left; they hold until somebody enters or goes.
 */

/** No slot. */
export const NOWHERE = 0x7fffffff;

/** 2^26 slots are 512 MiB for 47 million persons: more than one partition should hold. */
const SLOTS_MAX = 1 << 26;
const LOAD_MAX = 0.7;
/** With each person who enters: an old index has moved long before the new one is full. */
const MOVED_AT_ONCE = 16;
const EMPTY = 0;
const MOVED = 0xffffffff;

export class PersonIndex {
  private words: Uint32Array;
  private mask: number;
  private left: Uint32Array | null = null;
  private leftMask = 0;
  /** Slots below have moved. */
  private moved = 0;
  private persons = 0;
  /** How often somebody entered or went: as long as it stays, slots do (3). */
  changes = 0;

  /** @param secondWordOf the second word of the key stored in a unit. */
  constructor(
    personsExpected: number,
    private readonly secondWordOf: (unit: number) => number,
  ) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, personsExpected / LOAD_MAX)));
    this.mask = slots - 1;
    this.words = new Uint32Array(2 * slots);
  }

  get size(): number {
    return this.persons;
  }

  get bytesHeld(): number {
    return this.words.byteLength + (this.left?.byteLength ?? 0);
  }

  unitAt(slot: number): number {
    return (slot >= 0 ? this.words[2 * slot + 1]! : this.left![2 * ~slot + 1]!) - 1;
  }

  setUnit(slot: number, unit: number): void {
    if (slot >= 0) this.words[2 * slot + 1] = unit + 1;
    else this.left![2 * ~slot + 1] = unit + 1;
  }

  /** The first slot that may be the person's, or NOWHERE. */
  find(key0: number, key1: number): number {
    const slot = this.search(hashOf(key0, key1) & this.mask, key0);
    return slot !== NOWHERE || this.left === null ? slot : this.searchLeft(hashOf(key0, key1), key0);
  }

  /** The next one after `slot`. */
  findNext(slot: number, key0: number, key1: number): number {
    if (slot < 0) return this.searchLeft(~slot + 1, key0);
    const next = this.search((slot + 1) & this.mask, key0);
    return next !== NOWHERE || this.left === null ? next : this.searchLeft(hashOf(key0, key1), key0);
  }

  /** Reads what a search will read first, and gives something of no meaning. */
  touch(key0: number, key1: number): number {
    return this.words[2 * (hashOf(key0, key1) & this.mask)]!;
  }

  /** Enters a person who is in no slot. @throws Error where there are too many. */
  enter(key0: number, key1: number, unit: number): number {
    if (this.persons + 1 > (this.mask + 1) * LOAD_MAX) this.enlarge();
    if (this.left !== null) this.moveSome(this.left);
    this.persons++;
    this.changes++;
    return this.fill(key0, key1, unit + 1);
  }

  slotOfUnit(key0: number, key1: number, unit: number): number {
    let slot = this.find(key0, key1);
    while (this.unitAt(slot) !== unit) slot = this.findNext(slot, key0, key1);
    return slot;
  }

  *slots(): Generator<number> {
    for (let slot = 0; slot <= this.mask; slot++) if (this.words[2 * slot + 1] !== EMPTY) yield slot;
    for (let slot = this.moved; this.left !== null && slot <= this.leftMask; slot++)
      if (isFilled(this.left[2 * slot + 1]!)) yield ~slot;
  }

  /** Entries behind it that would not be found over an empty slot move up. */
  remove(slot: number): void {
    this.persons--;
    this.changes++;
    if (slot < 0) {
      this.left![2 * ~slot + 1] = MOVED;
      return;
    }
    const { words, mask } = this;
    let empty = slot;
    for (let next = (slot + 1) & mask; words[2 * next + 1] !== EMPTY; next = (next + 1) & mask) {
      const isBehindItsBegin = ((next - this.beginOf(next)) & mask) >= ((next - empty) & mask);
      if (!isBehindItsBegin) continue;
      words[2 * empty] = words[2 * next]!;
      words[2 * empty + 1] = words[2 * next + 1]!;
      empty = next;
    }
    words[2 * empty] = 0;
    words[2 * empty + 1] = EMPTY;
  }

  /** The slot at which the search for the person in a slot begins. */
  private beginOf(slot: number): number {
    return hashOf(this.words[2 * slot]!, this.secondWordOf(this.unitAt(slot))) & this.mask;
  }

  private search(from: number, key0: number): number {
    const { words, mask } = this;
    for (let slot = from; words[2 * slot + 1] !== EMPTY; slot = (slot + 1) & mask)
      if (words[2 * slot] === key0) return slot;
    return NOWHERE;
  }

  private searchLeft(from: number, key0: number): number {
    const { left, leftMask } = this;
    for (let slot = from & leftMask; left![2 * slot + 1] !== EMPTY; slot = (slot + 1) & leftMask)
      if (left![2 * slot] === key0 && left![2 * slot + 1] !== MOVED) return ~slot;
    return NOWHERE;
  }

  private fill(key0: number, key1: number, place: number): number {
    const { words, mask } = this;
    let slot = hashOf(key0, key1) & mask;
    while (words[2 * slot + 1] !== EMPTY) slot = (slot + 1) & mask;
    words[2 * slot] = key0;
    words[2 * slot + 1] = place;
    return slot;
  }

  private enlarge(): void {
    const slots = 2 * (this.mask + 1);
    if (slots > SLOTS_MAX) throw new Error(`more than ${SLOTS_MAX * LOAD_MAX} persons in one partition`);
    this.left = this.words;
    this.leftMask = this.mask;
    this.moved = 0;
    this.words = new Uint32Array(2 * slots);
    this.mask = slots - 1;
  }

  private moveSome(left: Uint32Array): void {
    const end = Math.min(this.moved + MOVED_AT_ONCE, this.leftMask + 1);
    for (; this.moved < end; this.moved++) {
      const place = left[2 * this.moved + 1]!;
      if (!isFilled(place)) continue;
      this.fill(left[2 * this.moved]!, this.secondWordOf(place - 1), place);
      left[2 * this.moved + 1] = MOVED;
    }
    if (this.moved > this.leftMask) this.left = null;
  }
}

function isFilled(place: number): boolean {
  return place !== EMPTY && place !== MOVED;
}

/** Keys are HMACs, or identifiers in a bench: mixed, so that neighbours do not cluster. */
function hashOf(key0: number, key1: number): number {
  let hash = Math.imul(key0, 0x9e3779b1) ^ Math.imul(key1, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
