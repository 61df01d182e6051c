/** CSV as office programs open it: UTF-8 with byte order mark, RFC 4180, nothing that is taken for a formula. */

import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const BYTE_ORDER_MARK = "\uFEFF";
/** At the beginning of a cell, full-width ones too: read as a formula by some program. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

export type Cell = string | number | null;

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  // A number is no text of a stranger: a minus stays one.
  const text = typeof cell === "number" || !FORMULA.test(cell) ? String(cell) : `'${cell}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV file that is written once, row by row. */
export class CsvFile {
  private readonly stream: WriteStream;

  constructor(path: string, head: readonly string[]) {
    this.stream = createWriteStream(path, { mode: 0o600 });
    this.stream.write(`${BYTE_ORDER_MARK}${csvLine(head)}`);
  }

  async add(cells: readonly Cell[]): Promise<void> {
    if (!this.stream.write(csvLine(cells))) await once(this.stream, "drain");
  }

  async end(): Promise<void> {
    this.stream.end();
    await finished(this.stream);
  }
}
