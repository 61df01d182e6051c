/**
 * `npm run build && node dist/bench/sinks/run.js`: what swipes wait for their decisions without sinks and while they run, on
 * this machine. On the servers of KADUN_BENCH_SINK_SERVERS (servers.ts), which hold no Kadun yet; where that is not set, in a
 * checkout, on servers that are started for it (`npm run setup:servers` once).
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import { machine } from "../end-to-end/machine.js";
import { type SinksOptions, SinksUsageError, sinksOptions, USAGE } from "./options.js";
import { reportOf } from "./report.js";
import { reportText } from "./report-text.js";
import { type SinkServers, sinkServers } from "./servers.js";
import { measureSinks } from "./sinks.js";

const WITH_SERVERS = join(packageRoot, "test", "support", "servers", "with-sink-servers.mjs");
const Exit = { DONE: 0, FAILED: 1, USAGE: 64 } as const;

// What was interrupted may still wait for something.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  let options: SinksOptions | null;
  try {
    options = sinksOptions(args);
  } catch (error) {
    if (!(error instanceof SinksUsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return Exit.USAGE;
  }
  if (options === null) {
    console.log(USAGE);
    return Exit.DONE;
  }
  const servers = sinkServers(process.env);
  return servers === null ? onServersStarted(args) : onServers(servers, options);
}

async function onServersStarted(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [WITH_SERVERS, process.argv[1]!, ...args], { stdio: "inherit" });
  // Ctrl-C reaches it too: it ends what it started.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code ?? Exit.FAILED;
}

async function onServers(servers: SinkServers, options: SinksOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-sinks-"));
  const progress = (text: string) => console.error(text);
  try {
    const result = await Promise.race([measureSinks({ servers, folder, options, progress }), interrupted()]);
    const report = reportOf({ machine: machine(), servers: servers.description, options }, result);
    console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    return report.findings.length === 0 ? Exit.DONE : Exit.FAILED;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error, `\nlogs of the processes: ${folder}`);
    return Exit.FAILED;
  }
}

/** The processes of the roles die with this one. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
}
