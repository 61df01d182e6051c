/** PIN checks: what terminals said of them. A PIN itself is nowhere. */

import type { Transaction } from "./transaction.js";

/** A swipe that a PIN was entered at, or that met a locked one. */
export function isPinAttempt({ swipe }: Transaction): boolean {
  return swipe.pin === "ok" || swipe.pin === "wrong" || swipe.pin === "locked";
}

export class PinTally {
  ok = 0;
  wrong = 0;
  locked = 0;

  add({ swipe }: Transaction): void {
    if (swipe.pin === "ok") this.ok++;
    if (swipe.pin === "wrong") this.wrong++;
    if (swipe.pin === "locked") this.locked++;
  }

  get attempts(): number {
    return this.ok + this.wrong + this.locked;
  }
}
