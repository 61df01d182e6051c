const FIRST_MS = 250;
/** Half a minute: an operator who has mended the cause sees it work at once. */
const LAST_MS = 30_000;

/** How long to wait after so many failures without a success between them, from 1. */
export function backoffMs(failures: number): number {
  return Math.min(LAST_MS, FIRST_MS * 2 ** (failures - 1));
}
