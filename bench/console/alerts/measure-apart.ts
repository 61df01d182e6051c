/** Measures in a process that has what an office has: no rows of the other store, Node told the same. */

import { fork } from "node:child_process";
import { join } from "node:path";
import { OFFICE_NODE_OPTIONS } from "../../../cli/embedded/office-node-options.js";
import { packageRoot } from "../../../cli/package-root.js";
import type { QueryFigures } from "../measure-queries.js";
import type { AlertsMeasureOptions } from "./measure-alerts.js";

const PROGRAM = join(packageRoot, "dist", "bench", "console", "alerts", "measure-process.js");

export type MeasureMessage =
  | { readonly progress: string }
  | { readonly figures: readonly QueryFigures[] }
  | { readonly failure: string };

/** @throws Error as the process says it, or where it ended before. */
export function measureAlertsApart(
  options: AlertsMeasureOptions,
  progress: (text: string) => void,
): Promise<readonly QueryFigures[]> {
  const child = fork(PROGRAM, [JSON.stringify(options)], {
    execArgv: [...process.execArgv, ...OFFICE_NODE_OPTIONS],
  });
  return new Promise((resolve, reject) => {
    child.on("message", (message: MeasureMessage) => {
      if ("progress" in message) progress(message.progress);
      else if ("figures" in message) resolve(message.figures);
      else reject(new Error(message.failure));
    });
    child.once("error", reject);
    child.once("exit", (status, signal) =>
      reject(new Error(`${PROGRAM} ended (${signal ?? status}) before it had measured`)),
    );
  });
}
