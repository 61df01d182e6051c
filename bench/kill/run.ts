/** `node dist/bench/kill/run.js`: kills the processes of a running Kadun and shows that nothing was lost or doubled. */

import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type KillReport, killTest } from "./kill-test.js";
import { KILL_USAGE, type KillOptions, parseKillArgs } from "./options.js";
import { isSound, killReportText } from "./report-text.js";

const SEED_MAX = 1_000_000;

async function main(args: readonly string[]): Promise<number> {
  const options = parseKillArgs(args, randomInt(SEED_MAX));
  if (options === null) {
    console.log(KILL_USAGE);
    return 0;
  }
  process.stderr.write(`seed ${options.seed}\n`);
  const report = await inFolder(options);
  console.log(options.json ? JSON.stringify(report) : killReportText(report));
  return isSound(report, options.kills) ? 0 : 1;
}

async function inFolder(options: KillOptions): Promise<KillReport> {
  const folder = options.keep === null ? mkdtempSync(join(tmpdir(), "kadun-kill-")) : resolve(options.keep);
  if (options.keep !== null) mkdirSync(folder, { recursive: true });
  try {
    const onProgress = (text: string) =>
      process.stderr.write(`${(performance.now() / 1000).toFixed(1)} s: ${text}\n`);
    return await killTest(options, folder, { onProgress });
  } finally {
    if (options.keep === null) rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
