/**
 * `npm run demo:distributed`: starts the servers in a temporary folder, runs `kadun demo --profile distributed` against
 * them with the arguments given, ends them again.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../contract/typescript-hooks.mjs";

const { startKadunServers } = await import("./kadun-servers.ts");

const folder = mkdtempSync(join(tmpdir(), "kadun-servers-"));
process.stderr.write("starting Kafka, Redis, PostgreSQL and ClickHouse …\n");
const servers = await startKadunServers(folder);
try {
  if (servers.hasFront)
    process.stderr.write(
      "no ClickHouse server is to be had here: an HTTP front over chdb stands in for it\n",
    );
  const main = new URL("../../../dist/cli/main.js", import.meta.url).pathname;
  const args = [main, "demo", "--profile", "distributed", ...process.argv.slice(2)];
  const env = { ...process.env, ...servers.environment };
  const demo = spawn(process.execPath, args, { stdio: "inherit", env });
  // Ctrl-C reaches the demo too, which ends in order; the servers end after it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => demo.kill("SIGTERM"));
  const [code] = await once(demo, "exit");
  process.exitCode = code ?? 1;
} finally {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
}
