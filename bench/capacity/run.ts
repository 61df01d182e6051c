/**
 * How a drain grows with workers, partitions, rules and persons: `node dist/bench/capacity/run.js` (options.ts). On the
 * servers of KADUN_BENCH_SERVERS; where that is not set, in a checkout, on servers that are started for it.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineRun } from "../end-to-end/engine-run.js";
import { machine } from "../end-to-end/machine.js";
import { type ServerSettings, serverSettings } from "../end-to-end/server-settings.js";
import { onServersStarted } from "../end-to-end/servers-started.js";
import { measureCapacity } from "./measure.js";
import { type CapacityOptions, CapacityUsageError, capacityOptions, USAGE } from "./options.js";
import { capacityPlot } from "./plot.js";
import { capacityRows, capacityText } from "./report.js";

const Exit = { DONE: 0, FAILED: 1, USAGE: 64 } as const;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  let options: CapacityOptions | null;
  try {
    options = capacityOptions(args);
  } catch (error) {
    if (!(error instanceof CapacityUsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return Exit.USAGE;
  }
  if (options === null) {
    console.log(USAGE);
    return Exit.DONE;
  }
  const servers = serverSettings(process.env);
  return servers === null ? onServersStarted(args) : onServers(servers, options);
}

async function onServers(servers: ServerSettings, options: CapacityOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-capacity-"));
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
  try {
    const measuring = measureCapacity(servers, options, folder, (text) => console.error(text));
    const rows = capacityRows(await Promise.race([measuring, interrupted]));
    if (options.svg !== null) writeFileSync(options.svg, capacityPlot(rows));
    console.log(
      options.json ? JSON.stringify({ machine: machine(), options, rows }, null, 2) : capacityText(rows),
    );
    return Exit.DONE;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return Exit.FAILED;
  } finally {
    await EngineRun.stopAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
