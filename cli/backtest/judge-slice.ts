/** Judges the persons of one slice of files by all sides, in the order of the lines. */

import { setImmediate as turn } from "node:timers/promises";
import { FileSide } from "./file-side.js";
import type { JudgingParts } from "./judge-partition.js";
import { readSegment, type Spill } from "./spill-range.js";
import { journalTimeMs } from "./time-window.js";

/** As many as a page of a journal. */
const TURN_RECORDS = 2_000;

export interface SpilledRange {
  readonly path: string;
  readonly spill: Spill;
  /** Over all files, from 1. */
  readonly firstLine: number;
}

export async function judgeSlice(
  ranges: Iterable<SpilledRange>,
  slice: number,
  { sides, observer }: JudgingParts,
  onRecords: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const fileSides = sides.map((side) => new FileSide(side));
  let passed = 0;
  for (const { path, spill, firstLine } of ranges) {
    for (const { record, index, appendedAtMs } of readSegment(path, spill.segments[slice]!)) {
      const outcomes = fileSides.map((side) => side.take(record, appendedAtMs));
      if ("personKey" in record) {
        const place = { partition: 0, offset: firstLine + index };
        observer.observe({ record, place, timeMs: journalTimeMs(record, appendedAtMs), outcomes });
      }
      if (++passed % TURN_RECORDS > 0) continue;
      onRecords(TURN_RECORDS);
      await turn();
      signal.throwIfAborted();
    }
  }
  onRecords(passed % TURN_RECORDS);
}
