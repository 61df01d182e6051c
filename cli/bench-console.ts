/** `kadun bench console`: the queries of the console's pages on generated rows. */

import { parseArgs } from "node:util";
import { compareConsole, consoleText } from "../bench/console/compare.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const CONSOLE_SYNOPSIS =
  "kadun bench console [--decisions N] [--alerts N] [--times N] [--seed N] [--data DIR] [--json]";
export const CONSOLE_USAGE = `console: what the console's pages ask of the analytics database (chdb in process) and of PostgreSQL (PGlite in process)

Rows of so many decisions, and cases of so many alerts, are made in folders that are removed, and of a hundredth of them (at
least 100000 and 10000: in fewer there is nothing to read). Each query is asked in nine rounds, at least five where they take
longer than five seconds. The 95th percentile of a round, the middle of the rounds, is held against that of the smaller (at most
three times), and the rows it read against its bound. Processor time (cpu) says the same where the machine has other work.
--decisions N  (10000000; at least 100000, or 0: none)
--alerts N     (1000000; at least 10000, or 0: none)
--times N      each query in a round (40)
--seed N       of the rows (1)
--data DIR     rows are kept there and used again, in a folder for each size and seed`;

const DECISIONS_DEFAULT = "10000000";
const DECISIONS_MIN = 100_000;
const ALERTS_DEFAULT = "1000000";
const ALERTS_MIN = 10_000;
const TIMES_DEFAULT = "40";
const SEED_DEFAULT = "1";

export async function benchConsole(
  args: readonly string[],
  progress: (text: string) => void,
): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      decisions: { type: "string", default: DECISIONS_DEFAULT },
      alerts: { type: "string", default: ALERTS_DEFAULT },
      times: { type: "string", default: TIMES_DEFAULT },
      seed: { type: "string", default: SEED_DEFAULT },
      data: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(`${CONSOLE_SYNOPSIS}\n\n${CONSOLE_USAGE}`);
    return ExitStatus.DONE;
  }
  const comparison = await compareConsole(
    {
      decisions: wholeOrNone("--decisions", values.decisions, DECISIONS_MIN),
      alerts: wholeOrNone("--alerts", values.alerts, ALERTS_MIN),
      times: whole("--times", values.times, 1),
      seed: whole("--seed", values.seed, 0),
      keptIn: values.data,
    },
    progress,
  );
  console.log(values.json ? JSON.stringify(comparison, null, 2) : consoleText(comparison));
  return comparison.isHeld ? ExitStatus.DONE : ExitStatus.FAILED;
}

function wholeOrNone(name: string, text: string, min: number): number {
  return text === "0" ? 0 : whole(name, text, min);
}

function whole(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${name} ${text}: expected a whole number of at least ${min}`);
  return value;
}
