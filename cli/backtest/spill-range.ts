/**
 * The lines of a range as canonical records, laid out by slice: one file with a segment for each slice, in the order of
 * the lines. Records that concern all persons lie in every segment.
 *
 * An entry: 4 bytes length of the body, 4 bytes index of the line in its range, 8 bytes append time (LE); the body as in
 * a log, with its checksum.
 */

import { closeSync, fsyncSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import * as z from "zod";
import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { isNotTaken, type Refusal } from "../../services/ingest/refusal.js";
import { judgedAlone } from "../../services/ingest/unexpected.js";
import { readRange } from "./file-ranges.js";
import type { Range } from "./plan.js";

const HEAD_BYTES = 16;
/** Told by name; of more the count is enough. */
const REFUSALS_MAX = 1_000;

export const spillShape = z.object({
  /** [position, bytes] of each slice's segment. */
  segments: z.array(z.tuple([z.number(), z.number()])),
  refusedLines: z.number(),
  /** Index in the range, and what is said of it. */
  refusals: z.array(z.object({ index: z.number(), text: z.string() })),
});
export type Spill = z.infer<typeof spillShape>;

export interface SpillOptions {
  readonly context: CanonicalContext;
  readonly segmentCount: number;
  /** null: in all. */
  readonly segmentOf: (record: JournalRecord) => number | null;
  readonly path: string;
}

export interface SpilledRecord {
  readonly index: number;
  readonly appendedAtMs: number;
  readonly record: JournalRecord;
}

/** In a replay a line was appended when its source received it, else when it occurred (docs/design.md section 10). */
export function lineAppendedAtMs(record: JournalRecord): number {
  if (!("occurredAt" in record)) return 0;
  return parseInstantMs(("receivedAt" in record ? record.receivedAt : undefined) ?? record.occurredAt);
}

export async function spillRange(
  range: Range,
  { context, segmentCount, segmentOf, path }: SpillOptions,
  onRecords: (count: number) => void,
  signal: AbortSignal,
): Promise<Spill> {
  const segments: Buffer[][] = Array.from({ length: segmentCount }, () => []);
  const refusals: Spill["refusals"] = [];
  let refusedLines = 0;
  const take = (line: Uint8Array, index: number) => {
    if (line.length === 0) return;
    const record = judgedAlone(() => acceptBytes(line, context));
    if (isRefusal(record)) {
      if (isNotTaken(record)) return;
      refusedLines++;
      if (refusals.length < REFUSALS_MAX) refusals.push({ index, text: refusalText(record) });
      return;
    }
    const entry = encodeEntry({ index, appendedAtMs: lineAppendedAtMs(record), record });
    const segment = segmentOf(record);
    if (segment === null) for (const each of segments) each.push(entry);
    else segments[segment]!.push(entry);
  };
  onRecords(await readRange(range, take, signal));
  return { segments: writeSegments(path, segments), refusedLines, refusals };
}

function refusalText(refused: Refusal): string {
  const field = refused.field === "" ? "" : `${refused.field}: `;
  const event = refused.eventId === null ? "" : ` (eventId ${JSON.stringify(refused.eventId)})`;
  return `${refused.code}: ${field}${refused.reason}${event}`;
}

function encodeEntry({ index, appendedAtMs, record }: SpilledRecord): Buffer {
  const body = encodeBody(record);
  const entry = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  entry.writeUInt32LE(body.length, 0);
  entry.writeUInt32LE(index, 4);
  entry.writeDoubleLE(appendedAtMs, 8);
  entry.set(body, HEAD_BYTES);
  return entry;
}

function writeSegments(path: string, segments: readonly (readonly Buffer[])[]): [number, number][] {
  const descriptor = openSync(`${path}.new`, "w", 0o600);
  try {
    let position = 0;
    const places = segments.map((entries): [number, number] => {
      const start = position;
      const segment = Buffer.concat(entries);
      for (let at = 0; at < segment.length; ) at += writeSync(descriptor, segment, at);
      position += segment.length;
      return [start, segment.length];
    });
    fsyncSync(descriptor);
    renameSync(`${path}.new`, path);
    return places;
  } finally {
    closeSync(descriptor);
  }
}

/** The records of one segment, in the order of their lines. @throws LogBodyError where the file is damaged. */
export function* readSegment(
  path: string,
  [position, length]: readonly [number, number],
): Generator<SpilledRecord> {
  const segment = Buffer.allocUnsafe(length);
  const descriptor = openSync(path, "r");
  try {
    for (let at = 0; at < length; ) {
      const read = readSync(descriptor, segment, at, length - at, position + at);
      if (read === 0)
        throw new Error(`${path}: ends at byte ${position + at}, expected ${position + length}`);
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
  for (let at = 0; at < length; ) {
    const bytes = segment.readUInt32LE(at);
    const end = at + HEAD_BYTES + bytes;
    yield {
      index: segment.readUInt32LE(at + 4),
      appendedAtMs: segment.readDoubleLE(at + 8),
      record: decodeJournalBody(segment.subarray(at + HEAD_BYTES, end)),
    };
    at = end;
  }
}
