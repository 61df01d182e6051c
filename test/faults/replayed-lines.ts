/** Lines through `kadun replay` under a run's key, in a process of its own: this one has connections to pass on. */

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../cli/package-root.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");

/** Outcomes, one JSON object each. */
export async function replayedLines(
  lines: readonly string[],
  keyFile: string,
  folder: string,
): Promise<readonly string[]> {
  const [raw, out] = [join(folder, "sent.ndjson"), join(folder, "replayed.ndjson")];
  writeFileSync(raw, lines.map((line) => `${line}\n`).join(""));
  await promisify(execFile)(process.execPath, [MAIN, "replay", raw, "--key-file", keyFile, "--out", out]);
  return readFileSync(out, "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
