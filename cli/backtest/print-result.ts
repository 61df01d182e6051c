/** What a run found, to standard output or a file; refused lines to standard error. */

import { realpathSync } from "node:fs";
import { ExitStatus, UsageError } from "../exit-status.js";
import { TextOutput } from "../text-output.js";
import type { RunResult } from "./run-plan.js";

/** @returns the exit status of the command. */
export async function printResult(
  text: string,
  out: string | undefined,
  run: RunResult,
): Promise<ExitStatus> {
  for (const { file, line, text: reason } of run.refused)
    process.stderr.write(`${file}:${line}: line ${line}: ${reason}\n`);
  if (run.refusedLines > run.refused.length)
    process.stderr.write(`… ${run.refusedLines - run.refused.length} more refused lines\n`);
  const output = await TextOutput.open(out);
  output.write(`${text}\n`);
  await output.close();
  return run.refusedLines > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}

/** Opening `out` empties it: never a file that is read. */
export function refuseOverwriting(
  out: string | undefined,
  inputs: readonly (string | undefined | null)[],
): void {
  const target = out === undefined ? null : realPathOf(out);
  if (target === null) return;
  for (const input of inputs)
    if (typeof input === "string" && realPathOf(input) === target)
      throw new UsageError(`--out ${out}: is read as ${input} too; name another file for the result`);
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
