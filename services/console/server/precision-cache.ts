/**
 * What became of the findings of each rule: counted over everything that is stored, which takes minutes, so in the
 * background, and shown with its age.
 *
 * Owns: the last count, the count under way.
 * Does not own: counting.
 *
 * 1. One count at a time, at most one each `EVERY_MS`, and only when somebody asks: nobody waits for it.
 * 2. A count that fails leaves the one before it.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import type { PrecisionAnswer } from "../../../schemas/http/analytics.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { PrecisionReport } from "../../../schemas/precision.js";

/** Verdicts come some a day; a count of ten million decisions takes minutes of a core. */
export const EVERY_MS = 15 * 60_000;

export interface PrecisionCacheOptions {
  readonly count: () => Promise<PrecisionReport>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class PrecisionCache {
  private report: PrecisionReport | null = null;
  private countedAt: string | null = null;
  private hasFailed = false;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private counting: Promise<void> | null = null;

  constructor(private readonly options: PrecisionCacheOptions) {}

  /** Of regions of insurance within the scope; what was not said where is the nation's. */
  answer(scope: Scope): PrecisionAnswer {
    this.refresh();
    const rules = (this.report?.rules ?? []).filter(({ region }) => isInScope(scope, region));
    return { state: this.state(), asOf: this.countedAt, rules };
  }

  /** Waits for the count under way: the database is closed after it. */
  async close(): Promise<void> {
    await this.counting;
  }

  private state(): PrecisionAnswer["state"] {
    if (this.hasFailed) return "away";
    return this.report === null ? "counting" : "here";
  }

  private refresh(): void {
    const nowMs = this.options.clock.now();
    if (this.counting !== null || nowMs - this.askedAtMs < EVERY_MS) return;
    this.askedAtMs = nowMs;
    this.counting = this.count(nowMs).finally(() => {
      this.counting = null;
    });
  }

  private async count(nowMs: number): Promise<void> {
    try {
      this.report = await this.options.count();
      this.countedAt = formatInstant(nowMs);
      this.hasFailed = false;
    } catch (error) {
      this.options.logger.warn("console.precision-not-counted", { error });
      this.hasFailed = true;
    }
  }
}
