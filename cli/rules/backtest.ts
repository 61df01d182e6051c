/** `kadun rules backtest`: whom a draft would have hit, on stored history. */

import { parseArgs } from "node:util";
import { askedHistory, bundleOfFile, HISTORY_HELP, HISTORY_OPTIONS } from "../backtest/asked-options.js";
import { runAsked } from "../backtest/backtest-run.js";
import { printResult, refuseOverwriting } from "../backtest/print-result.js";
import { backtestResult } from "../backtest/result.js";
import { backtestText } from "../backtest/result-text.js";
import { ExitStatus, UsageError } from "../exit-status.js";

const USAGE = `kadun rules backtest --bundle F [--policies F] (--journal [--data DIR] | --file F …) [OPTIONS]

Judges stored history by a draft and by what was in force, side by side, and says what the draft changes: per rule
decisions gained and lost, examples, people who were cleared or confirmed, money at risk, shares challenged and rejected
(docs/backtest.md).
--bundle F       the draft: a ruleset, an overlay of the default one ("extends": "default"), or a whole bundle
--policies F     loss policies of the draft, instead of the default bundle's
${HISTORY_HELP}
--from-checkpoint with --archive and --from: begin each partition at the archive's last checkpoint of persons before
                 --from, where there is one: much sooner done. What the persons hold by then is what the bundles in force
                 made of them, not the draft; the result says from where (docs/backtest.md says what is equal)
--last-day       count the 24 hours up to the last swipe, instead of --from and --to
Ctrl-C ends it in order; the message names the folder to go on with.
Exit status: 0 done, 1 failed or interrupted, 2 done with refused lines, 64 usage.`;

export async function backtest(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...HISTORY_OPTIONS,
      bundle: { type: "string" },
      policies: { type: "string" },
      "last-day": { type: "boolean" },
      "from-checkpoint": { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return ExitStatus.DONE;
  }
  if (values.bundle === undefined) throw new UsageError(`--bundle F: expected the draft\n\n${USAGE}`);
  const isLastDay = values["last-day"] === true;
  if (isLastDay && (values.from !== undefined || values.to !== undefined))
    throw new UsageError("--last-day: leave out --from and --to");
  const history = askedHistory(values, positionals);
  const isFromCheckpoint = values["from-checkpoint"] === true;
  if (isFromCheckpoint && (history.archive === null || history.fromMs === null))
    throw new UsageError("--from-checkpoint: goes with --archive DIR and --from T");
  const read = [values.bundle, values.policies, values.against, history.keyFile, ...(history.files ?? [])];
  refuseOverwriting(values.out, read);
  const draft = bundleOfFile(values.bundle, values.policies);
  const ran = await runAsked({ history, purpose: { kind: "draft", draft }, isLastDay, isFromCheckpoint });
  const result = backtestResult(ran);
  return printResult(
    values.json === true ? JSON.stringify(result) : backtestText(result),
    values.out,
    ran.run,
  );
}
