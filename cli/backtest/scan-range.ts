/** Looks through a range of lines for who moves and for feedback: only lines that may be such are read whole. */

import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { judgedAlone } from "../../services/ingest/unexpected.js";
import { readRange } from "./file-ranges.js";
import type { HistoryFacts, Range } from "./plan.js";
import { note } from "./scan-partition.js";
import { lineAppendedAtMs } from "./spill-range.js";
import { journalTimeMs } from "./time-window.js";

/**
 * A type is written in plain letters, or with escapes of the first 128 characters: those are rare in lines whose Chinese
 * text is escaped (`\u4e00` and above).
 */
const MARKS = ["person-link", "feedback", "\\u00"].map((mark) => Buffer.from(mark));

export interface ScanOptions {
  readonly context: CanonicalContext;
  /** Also the times of swipes: every line is read whole. */
  readonly wantsTimes: boolean;
}

export async function scanRange(
  range: Range,
  { context, wantsTimes }: ScanOptions,
  onRecords: (count: number) => void,
  signal: AbortSignal,
): Promise<HistoryFacts> {
  const facts: HistoryFacts = { links: [], feedback: [], bundles: [], engines: [], lastMs: null, lines: 0 };
  const see = (line: Uint8Array) => {
    if (!wantsTimes && !isMarked(line)) return;
    const record = judgedAlone(() => acceptBytes(line, context));
    if (isRefusal(record)) return;
    if (record.type !== "activation") note(facts, record);
    if (record.type === "swipe")
      facts.lastMs = Math.max(facts.lastMs ?? 0, journalTimeMs(record, lineAppendedAtMs(record)));
  };
  facts.lines = await readRange(range, see, signal);
  onRecords(facts.lines);
  return facts;
}

function isMarked(line: Uint8Array): boolean {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
  return MARKS.some((mark) => bytes.includes(mark));
}
