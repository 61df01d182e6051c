/**
 * Is a backtest what a live run writes, and how fast is it?
 * `npm run build && node dist/bench/backtest/run.js [--swipes N] [--partitions N] [--workers N,N] [--seed N]`
 *
 * A city is judged live under a bundle (detectors, journal and state store of an embedded Kadun), then its journal is
 * judged again by `kadun rules backtest` with the same bundle as draft: the sums over all bodies at their positions must
 * be equal. Beside the speed stands that of `kadun bench decide`, measured right after. Prints one JSON object; exit status
 * 1 where they differ.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { loadBundle } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import { backtestResult } from "../../schemas/backtest.js";
import { folderName, liveHistory } from "./live-history.js";

/** `bench decide`'s measurement of whole outcomes on this machine now: one side, nothing fetched, summed or compared. */
const DECIDE = { side: "kadun-outcome", persons: 100_000, events: 100_000 } as const;
const figures = z.object({
  producerOrder: z.object({ decisionsPerSecond: z.number(), nsCpu: z.number() }),
});

function decide() {
  const script = join(packageRoot, "dist", "bench", "decide", "measure.js");
  const args = ["--expose-gc", script, DECIDE.side, String(DECIDE.persons), String(DECIDE.events)];
  const { producerOrder } = figures.parse(
    JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })),
  );
  return { ...DECIDE, ...producerOrder };
}

/** Linux counts them in hundredths, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
/** cutime and cstime, counted from the field behind the name. */
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

/** Processor time of all processes that this one started and that have ended, and of theirs; null where that is not told. */
function childrenSeconds(): number | null {
  if (!existsSync("/proc/self/stat")) return null;
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) / TICKS_PER_SECOND;
}

const { values } = parseArgs({
  options: {
    swipes: { type: "string", default: "1000000" },
    partitions: { type: "string", default: "2" },
    workers: { type: "string", default: `1,${availableParallelism()}` },
    seed: { type: "string", default: "1" },
  },
});

const data = join(tmpdir(), folderName());
const draft = `${data}.json`;
const out = `${data}.result.json`;
try {
  const bundle = loadBundle();
  writeFileSync(draft, JSON.stringify(bundle.content));
  const live = await liveHistory({
    data,
    partitions: Number(values.partitions),
    swipes: Number(values.swipes),
    bundle,
    seed: Number(values.seed),
  });
  const backtests = [...new Set(values.workers.split(","))].map((workers) => {
    const beforeSeconds = childrenSeconds();
    const args = [
      "--journal",
      "--data",
      data,
      "--bundle",
      draft,
      "--workers",
      workers,
      "--json",
      "--out",
      out,
    ];
    execFileSync(
      process.execPath,
      [join(packageRoot, "dist", "cli", "main.js"), "rules", "backtest", ...args],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    const { bodies, seconds, swipesPerSecond, stronger, weaker } = backtestResult.parse(
      JSON.parse(readFileSync(out, "utf8")),
    );
    const isEqual = bodies.sum === live.bodies.sum && bodies.count === live.bodies.count;
    const afterSeconds = childrenSeconds();
    const processorSeconds =
      beforeSeconds === null || afterSeconds === null ? null : afterSeconds - beforeSeconds;
    return {
      workers: Number(workers),
      seconds,
      swipesPerSecond,
      processorSeconds,
      stronger,
      weaker,
      bodies,
      isEqual,
    };
  });
  console.log(
    JSON.stringify(
      {
        node: process.versions.node,
        partitions: Number(values.partitions),
        live,
        backtests,
        decide: decide(),
      },
      null,
      2,
    ),
  );
  if (!backtests.every(({ isEqual }) => isEqual)) process.exitCode = 1;
} finally {
  for (const path of [data, draft, out]) rmSync(path, { recursive: true, force: true });
}
