/** The records of a body: one JSON object, or NDJSON. */

export interface BodyLine {
  /** From 1; empty lines count. */
  readonly number: number;
  readonly bytes: Buffer;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** @returns null where there are more lines than allowed. Empty lines are left out. */
export function linesOf(body: Buffer, linesMax: number): readonly BodyLine[] | null {
  const lines: BodyLine[] = [];
  let number = 0;
  for (let start = 0; start < body.length; ) {
    number += 1;
    const feed = body.indexOf(LINE_FEED, start);
    const next = feed === -1 ? body.length : feed;
    const end = body[next - 1] === CARRIAGE_RETURN && next > start ? next - 1 : next;
    if (end > start) {
      if (lines.length === linesMax) return null;
      lines.push({ number, bytes: body.subarray(start, end) });
    }
    start = next + 1;
  }
  return lines;
}
