/**
 * Room for a heap that swipes wait behind.
 *
 * V8 lets a heap that grows slowly have a tenth more than what lives in it, and collects all of it whenever that is full. A
 * detector's heap is small (persons lie in buffers outside) and grows slowly, so it was collected whole again and again, by
 * several threads, on the processors that swipes need. What V8 itself grants at most, to heaps that grow fast, is
 * four times what lives.
 */

import { setFlagsFromString } from "node:v8";

const GROWING_PERCENT = 300;

/** For the whole process, from its next collection of everything on: it may hold four times what lives in its heap. */
export function takeHeapRoom(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
