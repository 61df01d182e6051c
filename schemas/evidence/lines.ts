/**
 * A journal record and an outcome as lines: in an evidence package, and as what a day proof hashes (docs/evidence.md).
 *
 * The record's JSON stands in the line byte for byte as the log holds it, so that whoever has the line has the record,
 * and a line's SHA-256 is what any program computes over the line's bytes (without its line feed).
 */

import type { OutcomePosition } from "../topics.js";

export interface JournalLine {
  readonly offset: number;
  /** Running maximum of the partition's append times, epoch milliseconds: what the judge went by. */
  readonly appendedAtMs: number;
  /** The JSON text of the record. */
  readonly json: string;
}

export interface OutcomeLine extends OutcomePosition {
  /** The JSON text of the outcome. */
  readonly json: string;
}

export function journalLine({ offset, appendedAtMs, json }: JournalLine): string {
  return `${journalHead(offset, appendedAtMs)}${json}}`;
}

export function outcomeLine({ journalOffset, sequence, json }: OutcomeLine): string {
  return `${outcomeHead(journalOffset, sequence)}${json}}`;
}

const JOURNAL_HEAD = /^\{"offset":(\d{1,16}),"appendedAtMs":(\d{1,16}),"record":(?=\{)/;
const OUTCOME_HEAD = /^\{"journalOffset":(\d{1,16}),"sequence":(\d{1,10}),"outcome":(?=\{)/;

/** null where the line is none: written by nobody who has this file. */
export function readJournalLine(line: string): JournalLine | null {
  const found = JOURNAL_HEAD.exec(line);
  if (found === null || !line.endsWith("}")) return null;
  const [head, offset, appendedAtMs] = found;
  const read = {
    offset: Number(offset),
    appendedAtMs: Number(appendedAtMs),
    json: line.slice(head.length, -1),
  };
  return journalHead(read.offset, read.appendedAtMs) === head ? read : null;
}

/** null where the line is none. */
export function readOutcomeLine(line: string): OutcomeLine | null {
  const found = OUTCOME_HEAD.exec(line);
  if (found === null || !line.endsWith("}")) return null;
  const [head, journalOffset, sequence] = found;
  const read = {
    journalOffset: Number(journalOffset),
    sequence: Number(sequence),
    json: line.slice(head.length, -1),
  };
  return outcomeHead(read.journalOffset, read.sequence) === head ? read : null;
}

function journalHead(offset: number, appendedAtMs: number): string {
  return `{"offset":${offset},"appendedAtMs":${appendedAtMs},"record":`;
}

function outcomeHead(journalOffset: number, sequence: number): string {
  return `{"journalOffset":${journalOffset},"sequence":${sequence},"outcome":`;
}
