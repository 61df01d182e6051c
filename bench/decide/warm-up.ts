/** Warm-ups are the same for everybody whose decisions are compared. */

/** Messages between two of which the process sees to other things. */
export const CHUNK = 500;
const SHARE = 0.2;
const MESSAGES_MAX = 100_000;
/** Decisions carry the time; the same one everywhere makes them comparable. */
const NOW_MS = 1_793_500_000_000;

/** @returns how many of `count` messages warm up: whole chunks. */
export function warmUpOf(count: number): number {
  return Math.floor(Math.min(count * SHARE, MESSAGES_MAX) / CHUNK) * CHUNK;
}

/** @returns the time at which a message of a warm-up is decided: it goes on with every chunk. */
export function warmUpNowMs(index: number): number {
  return NOW_MS + Math.floor(index / CHUNK);
}
