/**
 * Rows by time, in memory that does not grow with their number: sorted pieces go to files, which are read together.
 *
 * Owns: files `NAME.0`, `NAME.1` … in a folder that is the caller's to remove. Rows are JSON values; read as often as asked.
 */

import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Some 20 MB of transactions. */
const PIECE_ROWS = 10_000;

/** Rows of the same time stay in the order in which they were added. */
interface Sortable<Row> {
  readonly ms: number;
  readonly index: number;
  readonly row: Row;
}

export class SortedRows<Row> {
  count = 0;
  private piece: Sortable<Row>[] = [];
  private readonly files: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly pieceRows = PIECE_ROWS,
  ) {}

  add(ms: number, row: Row): void {
    this.piece.push({ ms, index: this.count++, row });
    if (this.piece.length === this.pieceRows) this.spill();
  }

  /** Nothing is added any more. */
  end(): void {
    if (this.piece.length > 0) this.spill();
  }

  async *rows(): AsyncGenerator<Row> {
    const readers = this.files.map((file) => readRows<Row>(file));
    try {
      yield* merged(readers);
    } finally {
      for (const reader of readers) await reader.return(undefined);
    }
  }

  private spill(): void {
    const file = join(this.folder, `${this.name}.${this.files.length}`);
    const lines = this.piece.sort(inTime).map((each) => `${JSON.stringify(each)}\n`);
    writeFileSync(file, lines.join(""), { mode: 0o600 });
    this.files.push(file);
    this.piece = [];
  }
}

function inTime(a: Sortable<unknown>, b: Sortable<unknown>): number {
  return a.ms - b.ms || a.index - b.index;
}

async function* readRows<Row>(file: string): AsyncGenerator<Sortable<Row>> {
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    yield JSON.parse(line) as Sortable<Row>;
}

async function* merged<Row>(readers: readonly AsyncGenerator<Sortable<Row>>[]): AsyncGenerator<Row> {
  const heads = await Promise.all(readers.map(async (reader) => ({ reader, next: await reader.next() })));
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (first === null || inTime(head.next.value, first.next.value) < 0) first = head;
    }
    if (first === null) return;
    yield first.next.value.row;
    first.next = await first.reader.next();
  }
}
