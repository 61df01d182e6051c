/** The topics of docs/design.md section 4 and what their records carry besides the body. */

import { murmur2PartitionOf } from "./murmur2.js";

export const Topic = {
  JOURNAL: "kadun.journal",
  DECISIONS: "kadun.decisions",
  ANSWERS: "kadun.answers",
  DEAD_LETTERS: "kadun.dead-letters",
  /** Signed lines (schemas/evidence/day-proof.ts), bare JSON: anybody may keep a copy. */
  DAY_PROOFS: "kadun.day-proofs",
} as const;
export type Topic = (typeof Topic)[keyof typeof Topic];

/** Where a record of the journal stands: the place of a decision's cause. */
export interface OutcomePosition {
  /** Offset of the journal record that caused the outcome, in the same partition. */
  readonly journalOffset: number;
  /** 0 for the first outcome of that record, then 1, 2 … */
  readonly sequence: number;
}

export const POSITION_BYTES = 12;

/** Header of a record of `kadun.decisions`: 8 bytes journal offset (float64 LE), 4 bytes sequence (uint32 LE). */
export function encodePosition({ journalOffset, sequence }: OutcomePosition): Uint8Array {
  const bytes = new Uint8Array(POSITION_BYTES);
  writePosition(new DataView(bytes.buffer), journalOffset, sequence);
  return bytes;
}

/** The same into the first bytes of `view`. */
export function writePosition(view: DataView, journalOffset: number, sequence: number): void {
  view.setFloat64(0, journalOffset, true);
  view.setUint32(8, sequence, true);
}

/** @throws RangeError where the header is none of ours. */
export function decodePosition(header: Uint8Array): OutcomePosition {
  if (header.length !== POSITION_BYTES)
    throw new RangeError(`header of a decisions record: ${header.length} bytes, expected ${POSITION_BYTES}`);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  return { journalOffset: view.getFloat64(0, true), sequence: view.getUint32(8, true) };
}

/** The position in a table: columns of bigint and integer. */
export const POSITION_COLUMNS = {
  names: ["journal_offset", "sequence"],
  numbersOf: ({ journalOffset, sequence }: OutcomePosition) => [journalOffset, sequence],
  markOf: ([journalOffset = 0, sequence = 0]: readonly number[]): OutcomePosition => ({
    journalOffset,
    sequence,
  }),
} as const;

/** Is `a` after `b` in the partition's order? `null` stands before everything. */
export function isAbove(a: OutcomePosition, b: OutcomePosition | null): boolean {
  if (b === null) return true;
  return (
    a.journalOffset > b.journalOffset || (a.journalOffset === b.journalOffset && a.sequence > b.sequence)
  );
}

/** The decisions log as its consumers take it: each outcome once, in the order of the journal records that caused them. */
export const DECISIONS_IN_ORDER = {
  topic: Topic.DECISIONS,
  markOf: ({ header }: { readonly header: Uint8Array }) => decodePosition(header),
  isAbove,
} as const;

/**
 * Partition of a person: that of Kafka's default partitioner, so that what another program writes under a personKey meets
 * the person's records. The count is fixed when the topics are made.
 */
export function partitionOf(personKey: string, partitionCount: number): number {
  return murmur2PartitionOf(personKey, partitionCount);
}
