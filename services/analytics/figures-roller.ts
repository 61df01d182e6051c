/**
 * Makes lists and figures of the outcomes that lie in the table, some seconds behind them.
 *
 * Owns: the loop, which ranges are next.
 * Does not own: the rows (`log-writer.ts`), which partitions are this process's, the statements.
 *
 * 1. Every outcome is counted once, also where this process is killed at any moment, a statement fails without saying
 *    whether it was done, or another process had the partition before: the sums and the note how far they go are one
 *    block, and the statement itself reads the notes (`rolled-statements.ts`).
 * 2. Rows of lists come before the sums of their range and may come again: they have keys.
 * 3. One go takes at most `OFFSETS_PER_GO_MAX` outcomes: a block of the writer waits no longer than that takes.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { Clock } from "../../platform/clock/clock.js";
import { backoffMs } from "../../platform/clock/retry.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { AnalyticsMetrics } from "./analytics-metrics.js";
import { type RolledRange, rolledStatements } from "./rolled-statements.js";
import { integerIn } from "./row-values.js";

/** A go costs some 40 ms of processor time however little it does: a fiftieth of a core. Pages ask no oftener. */
export const ROLL_EVERY_MS = 2000;
/** Some 300 ms; ten thousand swipes a second are still caught up. */
export const OFFSETS_PER_GO_MAX = 40_000;

export interface FiguresRollerOptions {
  readonly database: AnalyticsDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AnalyticsMetrics;
  /** Partitions of this process, with the offset behind their last row. */
  readonly standing: () => Promise<ReadonlyMap<number, number>>;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Up to where each partition is counted. */
export async function readCounted(
  database: Pick<AnalyticsDatabase, "query">,
): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query(
    "SELECT partition, max(nextOffset) AS next FROM swipe_figures WHERE level = 'progress' GROUP BY partition",
  );
  return new Map(rows.map((row) => [integerIn(row, "partition"), integerIn(row, "next")]));
}

export class FiguresRoller {
  private counted = new Map<number, number>();

  constructor(private readonly options: FiguresRollerOptions) {}

  /** Outcomes before it are in lists and figures; null while nobody has looked. */
  countedTo(partition: number): number | null {
    return this.counted.get(partition) ?? null;
  }

  /** Ends with the signal. */
  async run(): Promise<void> {
    const { clock, everyMs, signal } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const isBehind = await this.go();
        failures = 0;
        if (!isBehind) await clock.sleep(everyMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        this.options.metrics.rollFailed();
        this.options.logger.warn("analytics.figures-failed", { attempt: failures, error });
        await clock.sleep(backoffMs(failures), signal);
      }
    }
  }

  /** Is there more? */
  private async go(): Promise<boolean> {
    const standing = await this.options.standing();
    await this.learn(standing);
    const { ranges, isAll } = nextRanges(standing, this.counted, OFFSETS_PER_GO_MAX);
    if (ranges.length === 0) return false;
    const startedAtMs = this.options.clock.now();
    for (const statement of rolledStatements(ranges)) await this.options.database.insertFrom(statement);
    for (const { partition, to } of ranges) this.counted.set(partition, to);
    const offsets = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
    this.options.metrics.rolled(offsets, this.options.clock.now() - startedAtMs);
    return !isAll;
  }

  /** Of partitions that are new here the notes are read; of those that went nothing is kept. */
  private async learn(standing: ReadonlyMap<number, number>): Promise<void> {
    const known = new Map([...this.counted].filter(([partition]) => standing.has(partition)));
    const gained = [...standing.keys()].filter((partition) => !known.has(partition));
    if (gained.length > 0) {
      const notes = await readCounted(this.options.database);
      for (const partition of gained) known.set(partition, notes.get(partition) ?? 0);
    }
    this.counted = known;
  }
}

/** Partitions share a go evenly; what one leaves over the next may take. Exported for its test. */
export function nextRanges(
  standing: ReadonlyMap<number, number>,
  counted: ReadonlyMap<number, number>,
  offsetsMax: number,
): { readonly ranges: readonly RolledRange[]; readonly isAll: boolean } {
  const waiting = [...standing]
    .map(([partition, to]) => ({ partition, from: counted.get(partition) ?? 0, to }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.to - a.from - (b.to - b.from));
  let left = offsetsMax;
  let isAll = true;
  const ranges = waiting.map(({ partition, from, to }, index) => {
    const share = Math.max(1, Math.floor(left / (waiting.length - index)));
    const end = Math.min(to, from + share);
    left -= end - from;
    if (end < to) isAll = false;
    return { partition, from, to: end };
  });
  return { ranges, isAll };
}
