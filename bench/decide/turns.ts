/**
 * Turns of programs that measure themselves beside each other (measured-process.ts): one of them works at a time, a piece of
 * each after a piece of every other. What the machine does besides lasts seconds as a rule, and meets all of them.
 */

import { once } from "node:events";

/** Turns in which throughput is measured. */
export const PIECES = 10;

/** Where each of them ends, of chunks from `begin` up to `end`. */
export function pieceEnds(begin: number, end: number, chunk: number): number[] {
  const chunks = (end - begin) / chunk;
  const upTo = (piece: number) => begin + Math.floor((chunks * piece) / PIECES) * chunk;
  return Array.from({ length: PIECES }, (_, index) => upTo(index + 1));
}

/** What a program that waits for its turn tells. */
export interface Waiting {
  /** SHA-256 of the decisions of the turn that it just had, where they are to be compared; null elsewhere. */
  readonly decided: string | null;
}

/** Resolves when it is this process's turn; at once where it was started by hand. */
export async function ourTurn(decided: string | null = null): Promise<void> {
  if (process.send === undefined) return;
  // Nobody gives turns any more.
  if (process.listenerCount("disconnect") === 0) process.once("disconnect", () => process.exit(1));
  process.send({ decided } satisfies Waiting);
  await once(process, "message");
}
