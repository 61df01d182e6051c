/** Columns made of others, and the column of each type. */

import { DoubleColumn, FlagColumn, InstantColumn, NameColumn, WholeColumn } from "./fixed-columns.js";
import { type NativeColumn, NativeValueError } from "./native-column.js";
import type { NativeType } from "./native-type.js";
import { TextColumn } from "./text-column.js";

/** A byte a row that is 1 where there is no value, then the values. */
export class NullableColumn implements NativeColumn {
  /** Written as its opposite: what is not given is NULL. */
  private readonly present = new FlagColumn();

  constructor(private readonly values: NativeColumn) {}

  get rows(): number {
    return this.values.rows;
  }

  set(row: number, value: unknown): void {
    if (value === null) return;
    this.values.set(row, value);
    this.present.set(row, true);
  }

  appendTo(parts: Uint8Array[], rows: number): void {
    const given: Uint8Array[] = [];
    this.present.appendTo(given, rows);
    for (const flags of given) parts.push(flags.map((flag) => 1 - flag));
    this.values.appendTo(parts, rows);
  }

  clear(): void {
    this.present.clear();
    this.values.clear();
  }
}

/** Where each row's elements end, then the elements of all rows. */
export class ListColumn<Elements extends NativeColumn = NativeColumn> implements NativeColumn {
  private readonly ends = new WholeColumn(8);
  /** Elements so far, and those of whole rows. */
  private placed = 0;
  private ended = 0;

  constructor(readonly elements: Elements) {}

  get rows(): number {
    return this.ends.rows;
  }

  set(row: number, value: unknown): void {
    if (!Array.isArray(value)) throw new NativeValueError("expected a list");
    for (const element of value) this.elements.set(this.place(), element);
    this.end(row);
  }

  /** Row in `elements` of the next element, for the caller to write it there. */
  place(): number {
    return this.placed++;
  }

  /** The row has the elements that were placed since the last call. */
  end(row: number): void {
    this.leaveEmpty(row);
    this.ended = this.placed;
    this.ends.set(row, this.ended);
  }

  appendTo(parts: Uint8Array[], rows: number): void {
    this.leaveEmpty(rows);
    this.ends.appendTo(parts, rows);
    this.elements.appendTo(parts, this.ended);
  }

  clear(): void {
    this.ends.clear();
    this.elements.clear();
    this.placed = 0;
    this.ended = 0;
  }

  private leaveEmpty(before: number): void {
    for (let row = this.ends.rows; row < before; row++) this.ends.set(row, this.ended);
  }
}

export function columnOf(type: NativeType): NativeColumn {
  switch (type.kind) {
    case "text":
      return new TextColumn();
    case "whole":
      return new WholeColumn(type.bytes);
    case "double":
      return new DoubleColumn();
    case "flag":
      return new FlagColumn();
    case "instant":
      return new InstantColumn();
    case "name":
      return new NameColumn(type.numbers);
    case "nullable":
      return new NullableColumn(columnOf(type.of));
    case "list":
      return new ListColumn(columnOf(type.of));
  }
}
