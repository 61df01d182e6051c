/** Trying again after failures: which may pass by themselves, and how long to wait. */

export interface Backoff {
  /** After the first failure; doubled with each further one, up to the last. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** For whoever waits for a server however long: half a minute, so that an operator who mended the cause sees it work at once. */
const PATIENT: Backoff = { firstMs: 250, lastMs: 30_000 };

/** @param failures without a success between them, from 1. */
export function backoffMs(failures: number, { firstMs, lastMs }: Backoff = PATIENT): number {
  return Math.min(lastMs, firstMs * 2 ** (failures - 1));
}

/** Errors without a word on it (a programming error, a header that is none) do not pass. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
