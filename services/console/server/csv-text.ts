/**
 * Tables as CSV that a spreadsheet opens as what they are. Pure.
 *
 * 1. A text that a spreadsheet would run as a formula begins with `'` and stays a text (OWASP, CSV injection); numbers are
 *    made here and are written as they are.
 * 2. UTF-8 with a byte-order mark (Excel guesses another encoding without), CRLF, quotes doubled (RFC 4180).
 */

export type CsvCell = string | number | boolean | null;

export const CSV_MEDIA = "text/csv; charset=utf-8";
const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

/** Also as they are written at full width, and what a spreadsheet skips before it looks. */
const FORMULA = /^[\s\u00a0\u3000\ufeff]*[=+\-@＝＋－＠﹣﹢﹦﹫]|^[\t\r\n]/;
const QUOTED = /[",\r\n\t;']|^\s|\s$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what no spreadsheet shows, and some end a cell at.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The first line: what the columns are called. */
export function csvHead(names: readonly string[]): string {
  return BYTE_ORDER_MARK + csvLine(names);
}

export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(cellText).join(",") + LINE_END;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const shown = cell.replaceAll(CONTROLS, "");
  const text = FORMULA.test(shown) ? `'${shown}` : shown;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Yuan with two decimals, from fen: a number for the spreadsheet. */
export function yuanCell(fen: number): number {
  return Math.round(fen) / 100;
}
