/** `kadun alerts`: the role of a distributed Kadun, or, with `export` and `cases`, what one that runs has found. */

import type { ExitStatus } from "./exit-status.js";

export async function alerts(args: readonly string[]): Promise<ExitStatus> {
  const [first, ...rest] = args;
  if (first === "export") return (await import("./alerts-export.js")).alertsExport(rest);
  if (first === "cases") return (await import("./alerts-cases.js")).alertsCases(rest);
  return (await import("./distributed/alerts-role.js")).alerts(args);
}
