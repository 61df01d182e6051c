/**
 * Rows by time, in memory that does not grow with their number: sorted pieces go to files, which are read together.
 *
 * Owns: files `NAME.0`, `NAME.1` … in a folder that is the caller's to remove. Rows are JSON values; read as often as asked.
 */

import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Some megabytes of transactions; a hundred files where there are 100,000. */
const PIECE_ROWS = 1_000;
/** Some ten rows; so much of each file is in memory while they are read together. */
const READ_BYTES = 32 << 10;

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

/** Some lines at a time: node:readline would take in a thousand ahead, of each file. */
async function* readRows<Row>(file: string): AsyncGenerator<Sortable<Row>> {
  let rest = "";
  for await (const part of createReadStream(file, { encoding: "utf8", highWaterMark: READ_BYTES })) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as Sortable<Row>;
  }
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
