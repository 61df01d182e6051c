/**
 * Writes records of a log into the columns of a block.
 *
 * 1. A swipe or decision as Kadun writes it goes from its bytes into the columns; every other record is parsed. Both ways
 *    give the same row.
 * 2. The body is the record's JSON, byte for byte.
 * 3. After an error the block in the making is worth nothing: `clear`.
 */

import { NativeBlockWriter } from "../../platform/analytics/native/native-block-writer.js";
import { type NativeColumn, NativeValueError } from "../../platform/analytics/native/native-column.js";
import { TextColumn } from "../../platform/analytics/native/text-column.js";
import type { NativeBlock } from "../../platform/analytics/native-block.js";
import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { isBodyOfType, jsonBytesOfBody } from "../../schemas/log-body.js";
import { type Columns, columnMs } from "./columns.js";
import { ItemColumns } from "./item-columns.js";
import type { LogTable } from "./log-tables.js";
import { OwnColumns } from "./own-columns.js";
import { RecordScanner } from "./record-scanner.js";

/** A record that its table cannot hold. Says where, never what. */
export class RowError extends Error {
  override readonly name = "RowError";
  readonly retryable = false;
}

export class RowWriter {
  private readonly block: NativeBlockWriter;
  private readonly scanner: RecordScanner;
  /** By slot of the scanner; null where it has no column of its own. */
  private readonly scanned: readonly (NativeColumn | null)[];
  private readonly own: OwnColumns;
  private readonly items: ItemColumns;

  constructor(private readonly table: LogTable) {
    const { columns, computed, scanned } = table;
    this.block = new NativeBlockWriter(columns, computed);
    this.scanner = new RecordScanner(scanned.fields);
    this.scanned = this.scanner.fields.map(({ key, kind }) =>
      Object.hasOwn(columns, key) && kind !== "unread" ? this.block.column(key) : null,
    );
    this.own = new OwnColumns(this.block, table);
    this.items = new ItemColumns(this.block, computed.length > 0);
  }

  /** @throws RowError, LogBodyError. */
  add(partition: number, record: LoggedRecord): void {
    const json = jsonBytesOfBody(record.value, crc32c);
    this.own.write(this.block.row, partition, record, json);
    const { type } = this.table.scanned;
    if (isBodyOfType(record.value, type) && this.scanner.scan(json)) this.writeScanned();
    else this.writeParsed(partition, record);
    this.own.complete(this.block.row, record);
    this.block.endRow();
  }

  finish(): NativeBlock {
    return this.block.finish();
  }

  clear(): void {
    this.block.clear();
  }

  private writeScanned(): void {
    const { scanner, scanned } = this;
    const { row } = this.block;
    const { seen, seenCount, fields, starts, ends, numbers, bytes } = scanner;
    for (let i = 0; i < seenCount; i++) {
      const slot = seen[i]!;
      const column = scanned[slot]!;
      if (column instanceof TextColumn) column.slice(row, bytes, starts[slot]!, ends[slot]!);
      else {
        const { kind } = fields[slot]!;
        if (kind === "flag") column.set(row, numbers[slot] === 1);
        else if (kind === "instant") column.set(row, columnMs(numbers[slot]!));
        else if (kind === "items") this.items.write(row, scanner);
        else if (kind === "text") column.set(row, bytes.toString("latin1", starts[slot], ends[slot]));
        else column.set(row, numbers[slot]);
      }
    }
  }

  private writeParsed(partition: number, record: LoggedRecord): void {
    const row: Columns = {};
    this.table.setColumns(row, record);
    for (const [name, value] of Object.entries(row)) {
      if (value === undefined || value === null) continue;
      try {
        this.block.column(name).set(this.block.row, this.isInstant(name) ? msOf(value) : value);
      } catch (cause) {
        if (!(cause instanceof NativeValueError)) throw cause;
        const place = `${this.table.table}, partition ${partition}, offset ${record.offset}`;
        throw new RowError(
          `${place}: column ${name}: ${cause.message}; the log holds another release's record`,
        );
      }
    }
  }

  private isInstant(name: string): boolean {
    return this.table.columns[name]!.includes("DateTime64");
  }
}

/** NaN, which no column takes, where it is none. */
function msOf(value: unknown): number {
  return typeof value === "string" ? columnMs(parseInstantMs(value)) : Number.NaN;
}
