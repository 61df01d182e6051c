/** A command of the program that is killed in the middle of what it does. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import type { RoleCluster } from "../../bench/load/role-cluster.js";
import { kadunMain } from "../support/kadun.js";

/** kill -9 once `reached` resolves. @throws Error where it ended before. */
export async function killedCommand(
  { environment }: RoleCluster,
  args: readonly string[],
  reached: () => Promise<unknown>,
): Promise<void> {
  const child = spawn(process.execPath, [kadunMain, ...args], {
    stdio: "ignore",
    env: { PATH: process.env.PATH, ...environment },
  });
  const ended = once(child, "exit");
  const before = ended.then(([code]) => {
    throw new Error(`kadun ${args.join(" ")} ended before it was to be killed (${code})`);
  });
  try {
    await Promise.race([reached(), before]);
  } finally {
    child.kill("SIGKILL");
  }
  before.catch(() => {});
  await ended;
}
