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

  remove(index: number): void {
    this.record.close(this.section, this.at(index), this.bytes);
  }
}
