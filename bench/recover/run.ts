/**
 * `kadun bench recover` on the servers of KADUN_KAFKA_BROKERS, KADUN_REDIS_URL and KADUN_POSTGRES_URL, which hold no Kadun yet;
 * where none of these is set, in a checkout, on servers that are started for it (`npm run setup:servers` once).
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import type { RecoverServers } from "./recover.js";

const WITH_SERVERS = join(packageRoot, "test", "support", "servers", "with-servers.mjs");
const NAMES = ["KADUN_KAFKA_BROKERS", "KADUN_REDIS_URL", "KADUN_POSTGRES_URL"] as const;

/** null where no server is named. @throws Error naming those that are missing. */
export function serversOf(environment: NodeJS.ProcessEnv): RecoverServers | null {
  const missing = NAMES.filter((name) => (environment[name] ?? "") === "");
  if (missing.length === NAMES.length) return null;
  if (missing.length > 0) throw new Error(`${missing.join(", ")} missing: name all three servers, or none`);
  const [brokers, redis, postgres] = NAMES.map((name) => environment[name]!);
  return { KADUN_KAFKA_BROKERS: brokers!, KADUN_REDIS_URL: redis!, KADUN_POSTGRES_URL: postgres! };
}

/** The same command again, with servers around it. @returns its exit status. @throws Error outside of a checkout. */
export async function againWithServers(): Promise<number> {
  if (!existsSync(WITH_SERVERS))
    throw new Error(
      `there are no servers to start here; set ${NAMES.join(", ")} to servers that hold no Kadun yet`,
    );
  const child = spawn(process.execPath, [WITH_SERVERS, ...process.argv.slice(1)], { stdio: "inherit" });
  // Ctrl-C reaches it too: it ends what it started.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code ?? 1;
}
