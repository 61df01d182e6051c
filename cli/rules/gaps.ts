/** `kadun rules gaps`: what delays and lapses of loss policies let through, by city and channel. */

import { parseArgs } from "node:util";
import { askedHistory, HISTORY_HELP, HISTORY_OPTIONS } from "../backtest/asked-options.js";
import { runAsked } from "../backtest/backtest-run.js";
import { cityNames } from "../backtest/city-names.js";
import { gapsResult } from "../backtest/gaps-result.js";
import { gapsText } from "../backtest/gaps-text.js";
import { printResult, refuseOverwriting } from "../backtest/print-result.js";
import { ExitStatus } from "../exit-status.js";

const USAGE = `kadun rules gaps (--journal [--data DIR] | --file F …) [OPTIONS]

Judges stored history by the loss policies in force, by the same without any delay and by the same without any lapse, and
counts the settles on reported cards that only the real ones let through (docs/backtest.md).
${HISTORY_HELP}
Exit status: 0 done, 1 failed or interrupted, 2 done with refused lines, 64 usage.`;

export async function gaps(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: HISTORY_OPTIONS,
  });
  if (values.help === true) {
    console.log(USAGE);
    return ExitStatus.DONE;
  }
  const history = askedHistory(values, positionals);
  refuseOverwriting(values.out, [values.against, history.keyFile, ...(history.files ?? [])]);
  const ran = await runAsked({ history, purpose: { kind: "gaps" }, isLastDay: false });
  const result = gapsResult(ran, cityNames());
  return printResult(values.json === true ? JSON.stringify(result) : gapsText(result), values.out, ran.run);
}
