/** Where a row stands in the order of time, newest first; as a cursor it is text that means nothing to its holder. */

import * as z from "zod";

export interface RowPlace {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly partition: number;
  readonly journalOffset: number;
  readonly sequence: number;
}

/** Before everything: where a first page begins. */
export function placeAfter(to: number): RowPlace {
  return { at: to, partition: 0, journalOffset: 0, sequence: 0 };
}

export function cursorOf({ at, partition, journalOffset, sequence }: RowPlace): string {
  return [at, partition, journalOffset, sequence].join(".");
}

const cursor = z
  .string()
  .regex(/^-?\d{1,15}\.\d{1,5}\.\d{1,16}\.\d{1,10}$/, "a cursor as an answer gave it")
  .transform((text) => text.split(".").map(Number) as [number, number, number, number]);

/** @throws RangeError for a text that is no cursor. */
export function placeOf(text: string): RowPlace {
  const read = cursor.safeParse(text);
  if (!read.success) throw new RangeError("after: expected the cursor of the page before");
  const [at, partition, journalOffset, sequence] = read.data;
  return { at, partition, journalOffset, sequence };
}
