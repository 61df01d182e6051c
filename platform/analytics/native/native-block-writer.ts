/**
 * Makes blocks of rows in ClickHouse's Native format: column after column, a form the engine takes in without parsing
 * (src/Formats/NativeWriter.cpp, revision 0: as in files and over HTTP).
 *
 * Owns: the memory of columns and block, which is used again for the next block.
 * Does not own: which values rows have.
 *
 * 1. Rows come one after the other: their values, then `endRow`.
 * 2. A column in which no row has a value is left out of the block, so that the table's default stands there; the columns
 *    named in `kept` never are (a default that is an expression would be computed).
 * 3. After an error the block in the making is worth nothing: `clear`.
 */

import type { NativeBlock } from "../native-block.js";
import type { NativeColumn } from "./native-column.js";
import { columnOf } from "./native-columns.js";
import { blockTypeOf, nativeTypeOf } from "./native-type.js";
import { VARINT_BYTES_MAX, writeVarint } from "./varint.js";

interface WrittenColumn {
  readonly name: string;
  readonly type: string;
  readonly column: NativeColumn;
  readonly isKept: boolean;
}

export class NativeBlockWriter {
  /** Whole rows so far; the number of the next. */
  row = 0;
  private readonly columns: ReadonlyMap<string, WrittenColumn>;
  private joining = Buffer.alloc(0);

  /** @param types of the table's columns by their names, as the table spells them. @throws TypeError. */
  constructor(types: Readonly<Record<string, string>>, kept: readonly string[] = []) {
    this.columns = new Map(
      Object.entries(types).map(([name, spelled]) => [
        name,
        {
          name,
          type: blockTypeOf(spelled),
          column: columnOf(nativeTypeOf(spelled)),
          isKept: kept.includes(name),
        },
      ]),
    );
  }

  /** @throws TypeError where the table has no such column. */
  column(name: string): NativeColumn {
    const found = this.columns.get(name);
    if (found === undefined) throw new TypeError(`the table has no column '${name}'`);
    return found.column;
  }

  endRow(): void {
    this.row++;
  }

  /** The block of the rows so far, whose bytes are good until the next is finished; the next begins. */
  finish(): NativeBlock {
    const rows = this.row;
    const given = [...this.columns.values()].filter(({ column, isKept }) => isKept || column.rows > 0);
    const parts = [varint(given.length), varint(rows)];
    for (const { name, type, column } of given) {
      parts.push(text(name), text(type));
      column.appendTo(parts, rows);
    }
    const bytes = this.joined(parts);
    this.clear();
    return { columns: given.map(({ name, type }) => ({ name, type })), rows, bytes };
  }

  clear(): void {
    for (const { column } of this.columns.values()) column.clear();
    this.row = 0;
  }

  /** In memory that was there before: to get megabytes from the system for every block costs more than to fill them. */
  private joined(parts: readonly Uint8Array[]): Buffer {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > this.joining.length) this.joining = Buffer.allocUnsafe(length + (length >> 2));
    let at = 0;
    for (const part of parts) {
      this.joining.set(part, at);
      at += part.length;
    }
    return this.joining.subarray(0, length);
  }
}

function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(VARINT_BYTES_MAX);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}

function text(value: string): Uint8Array {
  return Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);
}
