/** The program that runs, once more, on a broker and a Redis that are started for it (a checkout has what starts them). */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";

const WITH_BROKER = join(packageRoot, "test", "support", "servers", "with-broker.mjs");
const FAILED = 1;

/** @returns its exit status. */
export async function onServersStarted(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [WITH_BROKER, process.argv[1]!, ...args], { stdio: "inherit" });
  // Ctrl-C reaches it too: it ends what it started.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code ?? FAILED;
}
