/**
 * `npm run bench:compare`: Kadun and what else could do its job, end to end over Kafka, on this machine. On the servers of
 * KADUN_BENCH_SERVERS (server-settings.ts); where that is not set, in a checkout, on servers that are started for it.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broker } from "./broker.js";
import { compare } from "./compare.js";
import { EngineRun } from "./engine-run.js";
import { type CompareOptions, CompareUsageError, compareOptions, USAGE } from "./options.js";
import { reportOf } from "./report.js";
import { reportText } from "./report-text.js";
import { type ServerSettings, serverSettings } from "./server-settings.js";
import { onServersStarted } from "./servers-started.js";

const CARD_STATUS = "card-status";
const Exit = { DONE: 0, FAILED: 1, USAGE: 64 } as const;

// What was interrupted may still wait for something.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  let options: CompareOptions | null;
  try {
    options = compareOptions(args);
  } catch (error) {
    if (!(error instanceof CompareUsageError)) throw error;
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

async function onServers(servers: ServerSettings, options: CompareOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-compare-"));
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
  // It may come when nobody waits for it any more.
  interrupted.catch(() => {});
  const broker = await Broker.open(servers.brokers);
  try {
    const { brokerPid, redisUrl, redisPid, broker: brokerText } = servers;
    const { persons } = options;
    const world = {
      ...{ broker, brokerPid, redisUrl, redisPid, folder },
      ...{ persons, cardStatus: CARD_STATUS },
    };
    const running = compare(world, options, { broker: brokerText }, (text) => console.error(text));
    const report = reportOf(await Promise.race([running, interrupted]));
    console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
    return Exit.DONE;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return Exit.FAILED;
  } finally {
    await EngineRun.stopAll();
    await broker.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
