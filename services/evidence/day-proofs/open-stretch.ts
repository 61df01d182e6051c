/**
 * The persons of a stretch while it is read: each with the digest of its lines so far and the offsets of its records.
 *
 * Owns: these. Does not own: when a stretch ends, its limits.
 */

import { journalLine, outcomeLine } from "../../../schemas/evidence/lines.js";
import { jsonOfBody } from "../../../schemas/log-body.js";
import type { AnsweredRecord } from "./answered-records.js";
import { digestAfter, leafKeyOf, noDigest, PERSON_KEY_BYTES, personKeyBytes } from "./leaf.js";
import { HASH_BYTES } from "./merkle-tree.js";
import { hashAt, type Leaves } from "./person-proof.js";

/** Persons of a stretch in the order of their leaves. */
export interface SortedPersons extends Leaves {
  /** 16 bytes each, behind one another. */
  readonly personKeys: Buffer;
  /** Journal offsets of the records of the leaf at `index`, ascending. */
  offsetsAt(index: number): readonly number[];
}

const FIRST_SIZE = 256;
const NONE = 0xffff_ffff;

export class OpenStretch {
  private readonly indexes = new Map<string, number>();
  private digests = Buffer.alloc(FIRST_SIZE * HASH_BYTES);
  /** By person: its last record. */
  private last = new Uint32Array(FIRST_SIZE);
  /** By record of a person: offset behind `fromOffset`, and the person's record before it. */
  private offsets = new Uint32Array(FIRST_SIZE);
  private before = new Uint32Array(FIRST_SIZE);
  private count = 0;
  endOffset: number;

  constructor(readonly fromOffset: number) {
    this.endOffset = fromOffset;
  }

  get persons(): number {
    return this.indexes.size;
  }

  /** Journal records, those without a person too. */
  get records(): number {
    return this.endOffset - this.fromOffset;
  }

  /** @param appendedAtMs running maximum. @throws LogBodyError, RangeError where a key is none. */
  add({ logged, outcomes }: AnsweredRecord, appendedAtMs: number): void {
    const { key: personKey, offset, value } = logged;
    this.endOffset = offset + 1;
    if (personKey === NO_PERSON) return;
    const index = this.indexOf(personKey);
    let digest = hashAt(this.digests, index);
    digest = digestAfter(digest, journalLine({ offset, appendedAtMs, json: jsonOfBody(value) }));
    for (const outcome of outcomes) digest = digestAfter(digest, outcomeLine(outcome));
    digest.copy(this.digests, index * HASH_BYTES);
    this.remember(index, offset);
  }

  /** As of now, sorted for the tree of this day. */
  sorted(day: string): SortedPersons {
    const { persons: count, digests: found, indexes } = this;
    const leaves = [...indexes].map(([personKey, index]) => {
      const bytes = personKeyBytes(personKey);
      return { bytes, index, leafKey: leafKeyOf(day, bytes) };
    });
    leaves.sort((a, b) => a.leafKey.compare(b.leafKey));
    const personKeys = Buffer.allocUnsafe(count * PERSON_KEY_BYTES);
    const keys = Buffer.allocUnsafe(count * HASH_BYTES);
    const digests = Buffer.allocUnsafe(count * HASH_BYTES);
    for (const [at, { bytes, index, leafKey }] of leaves.entries()) {
      bytes.copy(personKeys, at * PERSON_KEY_BYTES);
      leafKey.copy(keys, at * HASH_BYTES);
      hashAt(found, index).copy(digests, at * HASH_BYTES);
    }
    return { count, personKeys, keys, digests, offsetsAt: (at) => this.offsetsOf(leaves[at]!.index) };
  }

  private indexOf(personKey: string): number {
    const known = this.indexes.get(personKey);
    if (known !== undefined) return known;
    personKeyBytes(personKey);
    const index = this.indexes.size;
    if (index === this.last.length) {
      this.last = doubled(this.last);
      this.digests = Buffer.concat([this.digests], 2 * this.digests.length);
    }
    this.indexes.set(personKey, index);
    this.last[index] = NONE;
    noDigest().copy(this.digests, index * HASH_BYTES);
    return index;
  }

  private remember(index: number, offset: number): void {
    if (this.count === this.offsets.length) {
      this.offsets = doubled(this.offsets);
      this.before = doubled(this.before);
    }
    this.offsets[this.count] = offset - this.fromOffset;
    this.before[this.count] = this.last[index]!;
    this.last[index] = this.count++;
  }

  private offsetsOf(index: number): readonly number[] {
    const offsets: number[] = [];
    for (let at = this.last[index]!; at !== NONE; at = this.before[at]!)
      offsets.push(this.fromOffset + this.offsets[at]!);
    return offsets.reverse();
  }
}

/** Key of records that concern the whole partition. */
const NO_PERSON = "";

function doubled(values: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}
