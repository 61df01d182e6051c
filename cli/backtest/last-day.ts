/**
 * The last day of a journal under a draft and under what runs, as shares: for the guard before publishing. A child
 * process does it, so that whoever asks goes on answering meanwhile.
 */

import { type BacktestResult, backtestResult } from "../../schemas/backtest.js";
import { historyRun, type JournalHistory, type RunMessage } from "./history-child.js";

export interface LastDayOptions extends JournalHistory {
  /** A whole bundle, as it is stored; checked as every bundle. */
  readonly content: unknown;
  /** A bundle to compare with, instead of those that the journal activated. */
  readonly against?: unknown;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: RunMessage) => void;
}

/** @throws OperatingError where the draft has mistakes or the journal cannot be read; the signal's reason. */
export async function lastDay({ content, against, ...others }: LastDayOptions): Promise<BacktestResult> {
  const result = await historyRun({
    ...others,
    command: "backtest",
    name: "backtest of the last day",
    bundles: { "--bundle": content, ...(against !== undefined && { "--against": against }) },
    options: ["--last-day"],
  });
  return backtestResult.parse(result);
}
