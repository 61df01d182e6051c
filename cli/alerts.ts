/** `kadun alerts`: the role of a distributed Kadun, or, with `export`, the alerts of one that runs. */

import type { ExitStatus } from "./exit-status.js";

export async function alerts(args: readonly string[]): Promise<ExitStatus> {
  const [first, ...rest] = args;
  if (first === "export") return (await import("./alerts-export.js")).alertsExport(rest);
  return (await import("./distributed/alerts-role.js")).alerts(args);
}
