/** The same lines through `kadun replay` under the run's key: what no process was running for. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");

/** personKey → bodies without duplicates, in order. */
export function replayed(paths: {
  readonly raw: string;
  readonly keyFile: string;
  readonly out: string;
}): Map<string, string[]> {
  execFileSync(process.execPath, [
    MAIN,
    "replay",
    paths.raw,
    "--key-file",
    paths.keyFile,
    "--out",
    paths.out,
  ]);
  const outcomes = new Map<string, string[]>();
  for (const json of readFileSync(paths.out, "utf8").split("\n")) {
    if (json === "") continue;
    const { type, personKey } = JSON.parse(json) as { type: string; personKey: string };
    if (type !== "duplicate") outcomes.set(personKey, [...(outcomes.get(personKey) ?? []), json]);
  }
  return outcomes;
}
