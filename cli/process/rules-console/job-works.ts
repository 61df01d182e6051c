/** What each kind of long work about rules does. */

import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import type { Clock } from "../../../platform/clock/clock.js";
import { backtestResult, gapsResult } from "../../../schemas/backtest.js";
import { readPrecision } from "../../../services/analytics/precision.js";
import { checkVersion } from "../../../services/bundles/approving.js";
import type { RulesRoom } from "../../../services/bundles/rules-room.js";
import { readContent, readVersion } from "../../../services/bundles/version.js";
import { checkSummaryOf } from "../../../services/bundles/version-answer.js";
import { type HistoryRun, historyRun, type JournalHistory } from "../../backtest/history-child.js";
import { OperatingError } from "../../exit-status.js";
import type { Works } from "./rule-jobs.js";
import { shadowComparison } from "./shadow-comparison.js";

/** Two: the machine answers swipes meanwhile. */
const WORKERS = 2;

export interface WorksOptions {
  readonly room: RulesRoom;
  readonly history: JournalHistory;
  /** null: this process has none. */
  readonly analytics: Pick<AnalyticsDatabase, "query"> | null;
  /** What time it is in the data. */
  readonly dayClock: Pick<Clock, "now">;
  readonly run?: (asked: HistoryRun) => Promise<unknown>;
}

export function worksOf({ room, history, analytics, dayClock, run = historyRun }: WorksOptions): Works {
  const figures = () => {
    if (analytics !== null) return analytics;
    throw new OperatingError("this process has no figures; ask one that has ClickHouse");
  };
  return {
    backtest: async ({ version, from, to }, options) => {
      const { bundleHash } = await readVersion(room.tables, version);
      const result = await run({
        ...history,
        ...options,
        command: "backtest",
        name: `backtest of version ${version}`,
        bundles: { "--bundle": await readContent(room.tables, bundleHash) },
        options: windowOf(from, to),
        workers: WORKERS,
      });
      return backtestResult.parse(result);
    },
    check: async ({ version }, options) => {
      const checkId = await checkVersion(room, version, options);
      const { checks } = await readVersion(room.tables, version);
      return checkSummaryOf(checks.find((each) => each.checkId === checkId)!);
    },
    gaps: async (_asked, options) => {
      const asked = { ...history, ...options, bundles: {}, options: [], workers: WORKERS };
      return gapsResult.parse(await run({ ...asked, command: "gaps", name: "gap report" }));
    },
    precision: async (_asked, { signal }) => endedBy(signal, readPrecision(figures())),
    shadow: async (_asked, { signal }) => {
      const asked = { tables: room.tables, analytics: figures(), nowMs: dayClock.now() };
      return endedBy(signal, shadowComparison(asked));
    },
  };
}

function windowOf(from: string | null, to: string | null): readonly string[] {
  if (from === null && to === null) return ["--last-day"];
  return [...(from === null ? [] : ["--from", from]), ...(to === null ? [] : ["--to", to])];
}

/** A query of the engine goes on to its own limit of time; nobody waits for it. */
async function endedBy<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let end = () => {};
  const aborted = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason);
    signal.addEventListener("abort", end, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
    work.catch(() => {}); // told already, or wanted by nobody
  }
}
