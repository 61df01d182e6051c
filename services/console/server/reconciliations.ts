/**
 * Comparing logs with tables on demand, in the background.
 *
 * Owns: the comparison under way, what the last one found, as long as the process lives.
 * Does not own: log and tables.
 *
 * 1. One at a time: who asks meanwhile gets the one under way.
 * 2. It reads only. `close` ends it, and waits: log and tables are closed after it.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { ReconciliationState } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Reconciler } from "./overview-desk.js";

const NEVER: ReconciliationState = {
  state: "never",
  startedAt: null,
  by: null,
  endedAt: null,
  compared: 0,
  findings: 0,
};

export interface ReconciliationsOptions {
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class Reconciliations {
  current: ReconciliationState = NEVER;
  private running: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(private readonly options: ReconciliationsOptions) {}

  /** @returns the state at once: running. */
  begin(by: string): ReconciliationState {
    if (this.running !== null || this.closing.signal.aborted) return this.current;
    this.current = { ...NEVER, state: "running", startedAt: this.now(), by };
    this.running = this.run().finally(() => {
      this.running = null;
    });
    return this.current;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { reconciler, logger } = this.options;
    const begun = this.current;
    try {
      const { isEqual, compared, findings } = await reconciler.reconcile(this.closing.signal);
      this.current = {
        ...begun,
        state: isEqual ? "equal" : "different",
        endedAt: this.now(),
        compared,
        findings,
      };
      if (!isEqual) logger.error("console.reconciliation-different", { count: findings });
    } catch (error) {
      if (!this.closing.signal.aborted) logger.warn("console.reconciliation-failed", { error });
      this.current = { ...begun, state: "failed", endedAt: this.now() };
    }
  }

  private now(): string {
    return formatInstant(this.options.clock.now());
  }
}
