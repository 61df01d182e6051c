/**
 * SIGTERM and SIGINT: one orderly end within a deadline; a second signal, by somebody who has lost patience, ends at once.
 *
 * 1. Nothing is closed before somebody waits for `done`: what is still being opened is not closed under the opener.
 * 2. From the request on the deadline runs, also where opening hangs.
 * 3. Signals close together are one wish: Ctrl-C reaches a child too, whom its parent then asks as well; npm passes on
 *    what the terminal has sent already.
 */

import type { Logger } from "../logger/logger.js";

/** What a signal leads to outside of an orderly end. */
const STATUS_FAILED = 1;
/** Nobody loses patience sooner; a busy parent asks its child within it. */
const ONE_WISH_MS = 1000;

export interface ShutdownOptions {
  readonly logger: Logger;
  readonly deadlineMs: number;
  /** Closes everything. */
  readonly close: () => Promise<void>;
}

export class Shutdown {
  private readonly requested: Promise<number>;
  private begin!: (status: number) => void;
  private deadline: NodeJS.Timeout | null = null;
  private requestedAtMs = 0;
  private ended: Promise<number> | null = null;

  constructor(private readonly options: ShutdownOptions) {
    this.requested = new Promise<number>((resolve) => {
      this.begin = resolve;
    });
    process.on("SIGTERM", this.onSignal);
    process.on("SIGINT", this.onSignal);
  }

  /** Asked for once everything is open. Resolves with the exit status when, after a request or a signal, all is closed. */
  get done(): Promise<number> {
    this.ended ??= this.requested.then((status) => this.end(status));
    return this.ended;
  }

  request(status: number): void {
    this.begin(status);
    if (this.deadline !== null) return;
    this.requestedAtMs = performance.now();
    const { logger, deadlineMs } = this.options;
    this.deadline = setTimeout(() => {
      logger.error("lifecycle.close-deadline", { durationMs: deadlineMs });
      process.exit(STATUS_FAILED);
    }, deadlineMs);
    // A start that fails by itself meanwhile ends without waiting for it.
    if (this.ended === null) this.deadline.unref();
  }

  private readonly onSignal = (): void => {
    if (this.deadline !== null && performance.now() - this.requestedAtMs > ONE_WISH_MS)
      process.exit(STATUS_FAILED);
    this.request(0);
  };

  private async end(status: number): Promise<number> {
    const { logger, close } = this.options;
    this.deadline?.ref();
    try {
      await close();
      return status;
    } catch (error) {
      logger.error("lifecycle.close-failed", { error });
      return STATUS_FAILED;
    } finally {
      if (this.deadline !== null) clearTimeout(this.deadline);
      process.off("SIGTERM", this.onSignal);
      process.off("SIGINT", this.onSignal);
    }
  }
}
