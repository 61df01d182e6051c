/** Ctrl-C and its relatives as an AbortSignal: whoever started a child must live to stop it. */

import { OperatingError } from "../exit-status.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Signals end the process again as they do by default. */
  readonly ignore: () => void;
}

/** The first signal aborts; a second one ends the process at once. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const abort = () => {
    ignore();
    controller.abort(new OperatingError("interrupted"));
  };
  const ignore = () => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, ignore };
}

/** The work's result, or the reason of the interruption as soon as there is one. */
export async function untilInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
