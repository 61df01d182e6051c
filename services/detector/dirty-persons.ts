/**
 * Persons whose records changed since a checkpoint began, by their keys: what the next checkpoint has to store.
 *
 * 1. A person is in the list once: one who was touched after its beginning is in it already, which the offset tells that
 *    the record included before.
 * 2. One who comes from the store with a later offset than that (a half-written checkpoint) is entered as well, and in every
 *    further list until a checkpoint begins behind that offset: of the next change the offset would tell nothing.
 */

import { crc32c } from "../../platform/checksum/crc32c.js";
import { OFFSET_PERSON_KEY } from "./person/layout.js";
import type { PersonRecord } from "./person/person-record.js";
import type { PersonTable } from "./person/person-table.js";

const KEY_WORDS = 4;
const PERSON_KEY_BYTES = 16;
const PERSONS_FIRST = 256;
/** As many persons as memory is asked for together: few enough to stay near the processor until their turn. */
const GROUP = 16;

export class DirtyPersons {
  count = 0;
  private words = new Uint32Array(KEY_WORDS * PERSONS_FIRST);
  private readonly keys0 = new Uint32Array(GROUP);
  private readonly keys1 = new Uint32Array(GROUP);
  /** Of those that came from the store with a later offset. */
  private readonly ahead: number[] = [];

  /** @param since offset of the last record that the checkpoint before includes. */
  constructor(private readonly since: number) {}

  /** Told before the offset of the record that changes it is set. */
  touch(record: PersonRecord): void {
    if (record.includesOffset() <= this.since) this.enter(record);
  }

  /** Told when the record has come from the store. */
  loaded(record: PersonRecord): void {
    if (record.includesOffset() > this.since) this.enterAhead(record);
  }

  /** The list of the next checkpoint, which begins when the record at `since` was the last one taken. */
  next(since: number, table: PersonTable, record: PersonRecord): DirtyPersons {
    const next = new DirtyPersons(since);
    for (const index of this.ahead) {
      this.point(table, record, index);
      next.loaded(record);
    }
    return next;
  }

  /** Points `record` at the person. Quick for one after the other. */
  point(table: PersonTable, record: PersonRecord, index: number): void {
    if (index % GROUP === 0) this.fetch(table, index);
    const at = KEY_WORDS * index;
    const { words } = this;
    const place = index % GROUP;
    table.pointFetched(record, place, words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
  }

  private fetch(table: PersonTable, from: number): void {
    const count = Math.min(GROUP, this.count - from);
    for (let i = 0; i < count; i++) {
      this.keys0[i] = this.words[KEY_WORDS * (from + i)]!;
      this.keys1[i] = this.words[KEY_WORDS * (from + i) + 1]!;
    }
    table.fetch(this.keys0, this.keys1, count);
  }

  private enterAhead(record: PersonRecord): void {
    this.ahead.push(this.count);
    this.enter(record);
  }

  private enter(record: PersonRecord): void {
    const at = KEY_WORDS * this.count++;
    if (at === this.words.length) {
      const words = new Uint32Array(2 * at);
      words.set(this.words);
      this.words = words;
    }
    this.words[at] = record.keyWord(0);
    this.words[at + 1] = record.keyWord(1);
    this.words[at + 2] = record.keyWord(2);
    this.words[at + 3] = record.keyWord(3);
  }
}

export interface DirtyEntry {
  /** The person's key, 32 hexadecimal digits. */
  readonly key: string;
  readonly value: Uint8Array;
}

/** The sealed record, copied into `target` from `at` on; null where it does not fit there. */
export function dirtyEntry(record: PersonRecord, target: Buffer, at: number): DirtyEntry | null {
  const end = at + record.bytesUsed();
  if (end > target.length) return null;
  const value = target.subarray(at, end);
  record.sealInto(value, crc32c);
  return { key: value.toString("hex", OFFSET_PERSON_KEY, OFFSET_PERSON_KEY + PERSON_KEY_BYTES), value };
}
