/** A section of entries of one size: positions, appending with a limit, removing. */

import type { SectionId } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

export class Entries {
  constructor(
    protected readonly record: PersonRecord,
    private readonly section: SectionId,
    private readonly bytes: number,
    private readonly limit: number,
  ) {}

  count(): number {
    const size = this.record.size(this.section);
    return size === 0 ? 0 : size / this.bytes;
  }

  /** Position of the entry, relative to the record. */
  at(index: number): number {
    return this.record.start(this.section) + index * this.bytes;
  }

  protected absolute(index: number): number {
    return this.record.base + this.at(index);
  }

  /** Opens a zeroed entry at the end; the first one is dropped when the section is full. */
  protected push(): number {
    if (this.count() === this.limit) this.remove(0);
    return this.insert(this.count());
  }

  /** Opens a zeroed entry at `index`, returns its absolute position. The caller keeps the limit. */
  protected insert(index: number): number {
    this.record.open(this.section, this.at(index), this.bytes);
    return this.absolute(index);
  }

  /** Copies of all entries, in their order. */
  copies(): Uint8Array[] {
    return Array.from({ length: this.count() }, (_, index) => {
      const entry = this.absolute(index);
      return this.record.bytes.slice(entry, entry + this.bytes);
    });
  }

  /** Puts these in the place of all entries; at most as many as the section takes. */
  replaceAll(entries: readonly Uint8Array[]): void {
    if (entries.length > this.limit)
      throw new RangeError(`${entries.length} entries, ${this.limit} have room`);
    this.record.close(this.section, this.at(0), this.record.size(this.section));
    for (const bytes of entries) {
      // Inserting may move the record: its bytes are asked for afterwards.
      const entry = this.insert(this.count());
      this.record.bytes.set(bytes, entry);
    }
  }

  remove(index: number): void {
    this.record.close(this.section, this.at(index), this.bytes);
  }
}
