/** `run.json`: which processes of a data directory run and where they listen; for the commands of this machine. */

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as z from "zod";

const runningProcess = z.object({ pid: z.number().int(), url: z.string() });
/** `citizenUrl`: of the cardholder's pages; null where there are none, missing of an earlier release. */
const runningOffice = runningProcess.extend({ citizenUrl: z.string().nullable().optional() });
const runFile = z.object({ swipe: runningProcess, office: runningOffice.nullable() });

export type RunFile = z.infer<typeof runFile>;

/** Whole or not at all. */
export function writeRunFile(path: string, content: RunFile): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content)}\n`);
  renameSync(`${path}.new`, path);
}

/** null where nothing runs, as far as the file knows: also where a power cut left it empty. */
export function readRunFile(path: string): RunFile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const parsed = runFile.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function removeRunFile(path: string): void {
  rmSync(path, { force: true });
}
