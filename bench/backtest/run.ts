/**
 * Is a backtest what a live run writes, and how fast is it?
 * `npm run build && node dist/bench/backtest/run.js [--swipes N] [--partitions N] [--workers N,N] [--seed N]`
 *
 * A city is judged live under a bundle (detectors, journal and state store of an embedded Kadun), then its journal is
 * judged again by `kadun rules backtest` with the same bundle as draft: the sums over all bodies at their positions must
 * be equal. Prints one JSON object; exit status 1 where they differ.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadBundle } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import { backtestResult } from "../../schemas/backtest.js";
import { folderName, liveHistory } from "./live-history.js";

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
    return { workers: Number(workers), seconds, swipesPerSecond, stronger, weaker, bodies, isEqual };
  });
  console.log(
    JSON.stringify(
      { node: process.versions.node, partitions: Number(values.partitions), live, backtests },
      null,
      2,
    ),
  );
  if (!backtests.every(({ isEqual }) => isEqual)) process.exitCode = 1;
} finally {
  for (const path of [data, draft, out]) rmSync(path, { recursive: true, force: true });
}
