/** What a command says with `--json`. */

import type { RoleCluster } from "../../bench/load/role-cluster.js";

/** @throws LoadError with what it said where its status is not 0. */
// biome-ignore lint/suspicious/noExplicitAny: what commands print, looked into by the tests.
export async function commandJson(cluster: RoleCluster, ...args: string[]): Promise<any> {
  return JSON.parse(await cluster.command(args));
}
