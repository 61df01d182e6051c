/**
 * Looks at the activations every two seconds: metrics, and an error line for each alarm that was not there before.
 *
 * Owns: what was found last, for whoever must not wait for the database (`/readyz`).
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { RulesStatus } from "../../schemas/http/rules.js";
import type { BundlesMetrics } from "./bundles-metrics.js";

const EVERY_MS = 2_000;

export interface AlarmWatchOptions {
  readonly status: () => Promise<RulesStatus>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: BundlesMetrics;
}

export class AlarmWatch {
  /** As they were found last. */
  alarms: readonly string[] = [];
  private told = new Set<string>();

  constructor(private readonly options: AlarmWatchOptions) {}

  /** Until the signal is aborted; a database that is away is its followers' to tell. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const status = await this.options.status().catch(() => null);
      if (status !== null) this.look(status);
      await this.options.clock.sleep(EVERY_MS, signal);
    }
  }

  private look(status: RulesStatus): void {
    this.options.metrics.look(status);
    this.alarms = status.alarms;
    const sequence = status.open?.sequence ?? status.running?.sequence ?? -1;
    const missing = status.open === null ? 0 : status.open.partitions.length - status.open.answered;
    const now = new Set(status.alarms.map((alarm) => `${codeOf(alarm)} ${sequence}`));
    for (const alarm of now)
      if (!this.told.has(alarm))
        this.options.logger.error("bundles.alarm", { code: codeOf(alarm), sequence, count: missing });
    this.told = now;
  }
}

/** Alarms begin with their code. */
function codeOf(alarm: string): string {
  return alarm.split(/[: ]/, 1)[0]!;
}
