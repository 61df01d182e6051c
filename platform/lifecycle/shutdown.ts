/** SIGTERM and SIGINT: one orderly end within a deadline; the second signal ends at once. */

import type { Logger } from "../logger/logger.js";

/** What a signal leads to outside of an orderly end. */
const STATUS_FAILED = 1;

export interface ShutdownOptions {
  readonly logger: Logger;
  readonly deadlineMs: number;
  /** Closes everything. */
  readonly close: () => Promise<void>;
}

/** Resolves with the exit status when everything is closed after `request` was called or a signal came. */
export class Shutdown {
  readonly done: Promise<number>;
  private begin!: (status: number) => void;
  private isRequested = false;

  constructor(private readonly options: ShutdownOptions) {
    const requested = new Promise<number>((resolve) => {
      this.begin = resolve;
    });
    this.done = requested.then((status) => this.end(status));
    process.on("SIGTERM", this.onSignal);
    process.on("SIGINT", this.onSignal);
  }

  request(status: number): void {
    this.isRequested = true;
    this.begin(status);
  }

  private readonly onSignal = (): void => {
    if (this.isRequested) process.exit(STATUS_FAILED);
    this.request(0);
  };

  private async end(status: number): Promise<number> {
    const { logger, deadlineMs, close } = this.options;
    const late = setTimeout(() => {
      logger.error("lifecycle.close-deadline", { durationMs: deadlineMs });
      process.exit(STATUS_FAILED);
    }, deadlineMs);
    try {
      await close();
      return status;
    } catch (error) {
      logger.error("lifecycle.close-failed", { error });
      return STATUS_FAILED;
    } finally {
      clearTimeout(late);
      process.off("SIGTERM", this.onSignal);
      process.off("SIGINT", this.onSignal);
    }
  }
}
