/** CSV with a header line and bare fields; a quoted field is refused, for none of the sets has any. */
import { basename } from "node:path";
import { readLines } from "./lines.js";

export interface CsvRow<Column extends string> {
  /** `file line n`, for error messages. */
  readonly place: string;
  text(column: Column): string;
}

function splitLine(line: string, place: string): string[] {
  if (!line.includes('"')) return line.split(",");
  throw new Error(`${place}: a quoted field; expected bare fields, as in every set of docs/evaluation.md`);
}

function columnPositions(path: string, header: readonly string[], columns: readonly string[]) {
  const positions = new Map(columns.map((column) => [column, header.indexOf(column)]));
  const missing = columns.filter((column) => positions.get(column) === -1);
  if (missing.length === 0) return positions;
  throw new Error(
    `${basename(path)} line 1: no column ${missing.join(", ")}; the file has ${header.join(", ")}. ` +
      "Give the folder of the labelled sets as described in docs/evaluation.md",
  );
}

/** Rows after the header, in file order. Throws on a missing column or a row of another length. */
export async function* readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<CsvRow<Column>> {
  let header: string[] | undefined;
  let positions = new Map<string, number>();
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber += 1;
    const place = `${basename(path)} line ${lineNumber}`;
    const fields = splitLine(line, place);
    if (header === undefined) {
      header = fields;
      positions = columnPositions(path, header, columns);
      continue;
    }
    if (fields.length !== header.length) {
      throw new Error(`${place}: ${fields.length} fields; the header has ${header.length}`);
    }
    yield { place, text: (column) => fields[positions.get(column) ?? -1] ?? "" };
  }
}
