/** From a set's text to the fields of a raw swipe: money in fen, instants with offset. */
import type { CsvRow } from "./csv.js";

const HOUR_MS = 3_600_000;
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

export function numberOf<Column extends string>(row: CsvRow<Column>, column: Column): number {
  const text = row.text(column);
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  throw new Error(`${row.place}: ${column} is "${text}"; expected a number`);
}

/** One unit of the set's currency counts as one yuan: the rules' limits are then applied as they stand. */
export function fenOf<Column extends string>(row: CsvRow<Column>, column: Column): number {
  const fen = Math.round(numberOf(row, column) * 100);
  if (fen >= 0) return fen;
  throw new Error(`${row.place}: ${column} is "${row.text(column)}"; expected an amount of 0 or more`);
}

/** "2018-04-01 00:00:47" -> "2018-04-01T00:00:47.000+08:00": the sets name no zone, every day is a Shanghai day. */
export function instantOf<Column extends string>(row: CsvRow<Column>, column: Column): string {
  const match = LOCAL_TIME.exec(row.text(column));
  if (match !== null) return `${match[1]}T${match[2]}.000+08:00`;
  throw new Error(`${row.place}: ${column} is "${row.text(column)}"; expected YYYY-MM-DD hh:mm:ss`);
}

/** The instant some hours after a start of the set's own choosing, written with Shanghai's offset. */
export function instantAfter(startMs: number, hours: number): string {
  const local = new Date(startMs + hours * HOUR_MS + SHANGHAI_OFFSET_MS).toISOString();
  return local.replace("Z", "+08:00");
}
