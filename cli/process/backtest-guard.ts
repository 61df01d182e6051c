/**
 * The guard before a version is published: the journal's last day, judged by it and by what runs, in a child process.
 *
 * 1. What could not be judged is an objection, with the reason: never an ok.
 * 2. A word holds for an hour of journal time, against the bundle that ran then.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { BacktestResult } from "../../schemas/backtest.js";
import { Topic } from "../../schemas/topics.js";
import type {
  Guard,
  GuardCheck,
  GuardedVersion,
  GuardOptions,
  GuardVerdict,
} from "../../services/bundles/guard.js";
import { guardVerdict, type LastDayShares } from "../../services/bundles/guard-limits.js";
import { type LastDayOptions, lastDay } from "../backtest/last-day.js";
import { OperatingError } from "../exit-status.js";
import type { Closable } from "./closers.js";

const FRESH_MS = 3_600_000;
/** Two: the machine answers swipes meanwhile. */
const WORKERS = 2;

export interface BacktestGuardOptions {
  readonly log: Pick<EventLog, "partitionCount" | "tail">;
  /** Of an embedded Kadun; absent: the journal that the environment names. */
  readonly data?: string;
  /** By which the journal was trimmed; empty: it was not. */
  readonly archive?: string;
  readonly judge?: (options: LastDayOptions) => Promise<BacktestResult>;
}

/** Closing it ends a backtest that is under way. */
export function backtestGuard({
  log,
  data,
  archive = "",
  judge = lastDay,
}: BacktestGuardOptions): Guard & Closable {
  const where = { ...(data === undefined ? {} : { data }), ...(archive === "" ? {} : { archive }) };
  const closing = new AbortController();
  const { signal } = closing;
  return {
    close: async () => closing.abort(),
    check: async (
      { content, runningContent }: GuardedVersion,
      { signal: asker, ...progress }: GuardOptions = {},
    ): Promise<GuardVerdict> => {
      // Before it is judged: what comes meanwhile is not in it.
      const journalMs = await newestMs(log);
      const ending = asker === undefined ? signal : AbortSignal.any([signal, asker]);
      const asked = {
        content,
        against: runningContent,
        workers: WORKERS,
        signal: ending,
        ...progress,
        ...where,
      };
      const { numbers, ...verdict } = await judge(asked).then(
        (result) => guardVerdict(sharesOf(result)),
        (error: unknown) => notJudged(error),
      );
      // Who wants no word any more gets none: it would be an objection to what nobody looked at.
      asker?.throwIfAborted();
      return { ...verdict, numbers: journalMs === null ? numbers : { ...numbers, journalMs } };
    },
    isFresh: async ({ againstHash, numbers }: GuardCheck, runningHash: string): Promise<boolean> => {
      if (againstHash !== runningHash) return false;
      const { journalMs } = numbers;
      const nowMs = await newestMs(log);
      // A journal that was empty then and is now.
      if (journalMs === undefined || nowMs === null) return journalMs === undefined && nowMs === null;
      return nowMs - journalMs <= FRESH_MS;
    },
  };
}

function notJudged(error: unknown): GuardVerdict {
  if (!(error instanceof OperatingError)) throw error;
  return { result: "objection", text: `not judged: ${error.message}`, numbers: {} };
}

function sharesOf({ swipes, shares, rules }: BacktestResult): LastDayShares {
  return {
    swipes,
    running: shares.baseline,
    draft: shares.draft,
    gained: Object.fromEntries(Object.entries(rules).map(([rule, { gained }]) => [rule, gained])),
  };
}

/** Clock of the journal: when its newest record was appended; null where it is empty. */
async function newestMs(log: BacktestGuardOptions["log"]): Promise<number | null> {
  const partitions = Array.from({ length: await log.partitionCount(Topic.JOURNAL) }, (_, index) => index);
  const tails = await Promise.all(partitions.map((partition) => log.tail(Topic.JOURNAL, partition)));
  const times = tails.flatMap((tail) => (tail === null ? [] : [tail.appendedAtMs]));
  return times.length === 0 ? null : Math.max(...times);
}
