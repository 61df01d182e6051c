/**
 * How many values to ask for at once, so that an answer is about half a megabyte: a millisecond of the server, which
 * does nothing else meanwhile. Lengths are known only afterwards: the last answer stands for the next.
 */

const BYTES_WANTED = 524_288;
const COUNT_MIN = 16;
export const COUNT_MAX = 1_000;
/** Before the first answer: half a megabyte of records of 2 KiB. */
const COUNT_FIRST = 256;

export class ChunkSize {
  count = COUNT_FIRST;

  /** @param bytes of the answer to `asked` values. */
  learn(asked: number, bytes: number): void {
    const fitting = Math.floor((BYTES_WANTED * asked) / Math.max(bytes, 1));
    this.count = Math.min(COUNT_MAX, Math.max(COUNT_MIN, fitting));
  }
}
