/**
 * Errors that may pass by themselves, waited out together: a batch of hundreds of records meets the same broken
 * connection hundreds of times.
 *
 * 1. Whoever comes while somebody waits already waits with them: one wait, one line in the log.
 * 2. Each wait is longer than the one before, until `over` is called.
 */

import type { Clock } from "../../platform/clock/clock.js";
import { JournalIncompleteError } from "./journal-writer.js";

export interface PassingTroubleOptions {
  readonly clock: Clock;
  readonly firstMs: number;
  readonly maxMs: number;
  /** Before each wait. */
  readonly onWait: (error: unknown, attempt: number) => void;
}

export interface Trouble {
  readonly sinceMs: number;
  readonly error: unknown;
}

export class PassingTrouble {
  /** What is being waited out, null while all is well. */
  current: Trouble | null = null;
  private attempt = 0;
  private waiting: Promise<void> | null = null;

  constructor(private readonly options: PassingTroubleOptions) {}

  /** Resolves when it is time to try again. @throws the error where it does not pass or nobody wants to wait. */
  async pass(error: unknown, signal: AbortSignal): Promise<void> {
    if (!mayPass(error) || signal.aborted) throw error;
    this.waiting ??= this.wait(error, signal).finally(() => {
      this.waiting = null;
    });
    await this.waiting;
    if (signal.aborted) throw error;
  }

  /** Something went well again. */
  over(): void {
    this.attempt = 0;
    this.current = null;
  }

  private wait(error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, firstMs, maxMs, onWait } = this.options;
    this.attempt += 1;
    this.current = { sinceMs: this.current?.sinceMs ?? clock.now(), error };
    onWait(error, this.attempt);
    return clock.sleep(Math.min(maxMs, firstMs * 2 ** (this.attempt - 1)), signal);
  }
}

/** A log that this process closed itself says `retryable` to callers of the gateway; here it is the end. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof JournalIncompleteError) return mayPass(error.cause);
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  if (code === "LOG_CLOSED") return false;
  return retryable === true || code === "NOT_ASSIGNED";
}
