/**
 * Persons who leave memory when there is no more room: those who were not touched for longest, as far as a sweep tells.
 * The store has them, and they come from there when they swipe again.
 *
 * Owns: how far back is long ago. Does not own: the persons, what the store has (told with every turn).
 *
 * 1. Only who the store has as they are goes: a record that includes nothing behind the last checkpoint.
 * 2. A turn looks at a bounded number of places: swipes do not wait for it.
 * 3. Nothing that is judged depends on it: a record comes back byte for byte.
 */

import type { PersonRecord } from "./person/person-record.js";
import type { PersonTable } from "./person/person-table.js";

/** Places of 512 bytes looked at in one go; several a turn: 4 MB, a millisecond, twice what a batch can enter. */
const UNITS_AT_ONCE = 1_024;
const GOES_MAX = 8;
/** Of the persons, this share of those not touched for longest goes before anybody else. */
const OLD_SHARE = 0.25;
/** Offsets seen in about one round over all persons: enough to tell a quarter of them. */
const SAMPLES = 256;
/** Once begun it makes room for so much of the limit, so that it does not begin again with the next batch. */
const ROOM_SHARE = 1 / 32;

export class Eviction {
  /** Offsets included by persons met in sweeps, the oldest of these samples overwritten. */
  private readonly samples = new Float64Array(SAMPLES);
  private sampleCount = 0;
  private met = 0;
  private isUnderWay = false;

  constructor(
    private readonly table: PersonTable,
    private readonly record: PersonRecord,
  ) {}

  /**
   * Makes room where the records take more than `bytesMax`. Between batches only: a batch counts on the persons it brought.
   * @param storedOffset up to where the store has what was judged. @returns persons evicted.
   */
  turn(bytesMax: number, storedOffset: number): number {
    const { table } = this;
    if (table.bytesUsed > bytesMax) this.isUnderWay = true;
    if (!this.isUnderWay) return 0;
    const wanted = bytesMax * (1 - ROOM_SHARE);
    let evicted = 0;
    for (let go = 0; go < GOES_MAX && table.bytesUsed > wanted; go++) {
      const oldest = Math.min(storedOffset, this.oldOffset());
      evicted += table.sweep(this.record, UNITS_AT_ONCE, (person) => this.meet(person) <= oldest);
    }
    this.isUnderWay = table.bytesUsed > wanted;
    return evicted;
  }

  /** @returns the offset that the person includes. */
  private meet(person: PersonRecord): number {
    const offset = person.includesOffset();
    const every = Math.max(1, Math.trunc(this.table.size / SAMPLES));
    if (this.met++ % every === 0) this.samples[this.sampleCount++ % SAMPLES] = offset;
    return offset;
  }

  /** Whoever includes no more than this is one of the old. Nobody is before anybody was met. */
  private oldOffset(): number {
    const known = this.samples.slice(0, Math.min(this.sampleCount, SAMPLES)).sort();
    return known.length === 0 ? Number.NEGATIVE_INFINITY : known[Math.trunc(known.length * OLD_SHARE)]!;
  }
}
