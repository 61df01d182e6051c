/** What time it is on the pages: the office's, which in a demonstration is that of its data. */

let aheadMs = 0;

/** As the office says it now. */
export function setPageTime(nowMs: number): void {
  aheadMs = nowMs - Date.now();
}

/** Epoch milliseconds. */
export function pageNowMs(): number {
  return Date.now() + aheadMs;
}
