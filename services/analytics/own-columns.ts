/** What every row has, whatever its record says. */

import type { NativeBlockWriter } from "../../platform/analytics/native/native-block-writer.js";
import type { NativeColumn } from "../../platform/analytics/native/native-column.js";
import { TextColumn } from "../../platform/analytics/native/text-column.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { LogTable } from "./log-tables.js";

export class OwnColumns {
  private readonly partition: NativeColumn;
  private readonly logOffset: NativeColumn;
  private readonly appendedAt: NativeColumn;
  private readonly occurredAt: NativeColumn;
  private readonly personKey: NativeColumn;
  private readonly body: TextColumn;
  private readonly position: readonly [NativeColumn, NativeColumn] | null;

  constructor(
    block: NativeBlockWriter,
    private readonly table: LogTable,
  ) {
    this.partition = block.column("partition");
    this.logOffset = block.column("logOffset");
    this.appendedAt = block.column("appendedAt");
    this.occurredAt = block.column("occurredAt");
    this.personKey = block.column("personKey");
    const body = block.column("body");
    if (!(body instanceof TextColumn)) throw new TypeError("bodies are texts");
    this.body = body;
    this.position = table.isPositioned ? [block.column("journalOffset"), block.column("sequence")] : null;
  }

  write(row: number, partition: number, record: LoggedRecord, json: Uint8Array): void {
    this.partition.set(row, partition);
    this.logOffset.set(row, record.offset);
    this.appendedAt.set(row, record.appendedAtMs);
    this.personKey.set(row, record.key);
    this.body.slice(row, json, 0, json.length);
    if (this.position === null) return;
    const { journalOffset, sequence } = this.table.markOf(record);
    this.position[0].set(row, journalOffset);
    this.position[1].set(row, sequence);
  }

  /** What does not say when it occurred has the log's clock. */
  complete(row: number, { appendedAtMs }: LoggedRecord): void {
    if (this.occurredAt.rows <= row) this.occurredAt.set(row, appendedAtMs);
  }
}
