/** `kadun bench sink`: the way of rows into the analytics database beside the client's own. */

import { parseArgs } from "node:util";
import { compareSinks, type SinkComparison } from "../bench/sink/compare.js";
import { sinkText } from "../bench/sink/sink-text.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const SINK_SYNOPSIS = "kadun bench sink [--rows N] [--block N] [--rounds N] [--json]";
export const SINK_USAGE = `sink: what a row of the analytics database costs (chdb in process)

Journal and decisions of the seeded city go into their tables as Native blocks, as the office writes them, and as row objects
by the ClickHouse client's insert; in turns, each in a fresh process. What lies in the tables afterwards is compared by hash.
--rows N       swipes a process (80000; at least 4000)
--block N      rows a block (4000)
--rounds N     turns of each side (3)`;

const ROWS_DEFAULT = "80000";
const ROWS_MIN = 4000;
const BLOCK_DEFAULT = "4000";
const BLOCK_MIN = 100;
/** Then a block of the largest rows is still within the port's limit. */
const BLOCK_MAX = 5000;
const ROUNDS_DEFAULT = "3";

export async function benchSink(
  args: readonly string[],
  progress: (text: string) => void,
): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", default: ROWS_DEFAULT },
      block: { type: "string", default: BLOCK_DEFAULT },
      rounds: { type: "string", default: ROUNDS_DEFAULT },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(`${SINK_SYNOPSIS}\n\n${SINK_USAGE}`);
    return ExitStatus.DONE;
  }
  const options = {
    rows: within("--rows", values.rows, ROWS_MIN, Number.MAX_SAFE_INTEGER),
    blockRows: within("--block", values.block, BLOCK_MIN, BLOCK_MAX),
    rounds: within("--rounds", values.rounds, 1, Number.MAX_SAFE_INTEGER),
  };
  const comparisons: SinkComparison[] = [];
  for await (const comparison of compareSinks(["outcomes", "journal"], options, progress)) {
    comparisons.push(comparison);
    if (!values.json) console.log(`${sinkText(comparison)}\n`);
  }
  if (values.json) console.log(JSON.stringify(comparisons, null, 2));
  return ExitStatus.DONE;
}

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min || value > max)
    throw new UsageError(
      `${name} ${text}: expected a whole number of at least ${min}${max < Number.MAX_SAFE_INTEGER ? ` and at most ${max}` : ""}`,
    );
  return value;
}
