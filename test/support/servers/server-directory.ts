/**
 * The temporary directory of servers of this process: data, settings, logs, and who runs in it.
 *
 * 1. Its name says which process it belongs to; a directory whose process is gone is removed by the next start of any
 *    server, and what still runs from it is killed before. Directories of living processes are never touched.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isStarted, startOf } from "../../../platform/lifecycle/process-start.js";

const PREFIX = "kadun-servers-";
const NAME = /^kadun-servers-(\d+)-/;
const OWNER = "owner";
const RUNNING = ".running";

export function makeServerDirectory(): string {
  removeAbandoned();
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  writeFileSync(join(directory, OWNER), startOf(process.pid) ?? "");
  mkdirSync(join(directory, RUNNING));
  return directory;
}

/** @param directory of `makeServerDirectory`. */
export function noteRunning(directory: string, pid: number): void {
  writeFileSync(join(directory, RUNNING, String(pid)), startOf(pid) ?? "");
}

export function noteEnded(directory: string, pid: number): void {
  rmSync(join(directory, RUNNING, String(pid)), { force: true });
}

export function removeServerDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? 0);
    const directory = join(tmpdir(), name);
    if (pid === 0 || isStarted(pid, readOrEmpty(join(directory, OWNER)))) continue;
    killLeftBehind(directory);
    try {
      removeServerDirectory(directory);
    } catch {
      // Another user's, or another start removes it at this moment: it is not ours to mend.
    }
  }
}

function killLeftBehind(directory: string): void {
  for (const name of listOrNone(join(directory, RUNNING))) {
    const startedAt = readOrEmpty(join(directory, RUNNING, name));
    const pid = Number(name);
    // Without its start it might be another process by now.
    if (startedAt === "" || !isStarted(pid, startedAt)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  }
}

function listOrNone(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
