/**
 * The lock of a PGlite folder. PGlite does not notice a second process on its folder: it hangs or corrupts it.
 *
 * 1. The file beside the folder names its owner by process id and start time, so that a new process that was given the
 *    number of a killed one is not taken for it.
 * 2. An owner that no longer runs is taken over.
 */

import { closeSync, linkSync, openSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { DatabaseError } from "../database.js";

/** Two starters may take over the same dead owner at once; then one of them sees the other. */
const TRIES_MAX = 3;

/** @returns what gives the folder up again. @throws DatabaseError LOCKED. */
export function takeOwnerFile(path: string): () => void {
  const me = `${process.pid} ${startOf(process.pid) ?? "?"}`;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (createWhole(path, me)) return () => rmSync(path, { force: true });
    const owner = readOwner(path);
    if (owner !== null && isRunning(owner)) throw lockedBy(path, owner);
    // Only the owner that was looked at: another starter may have replaced it meanwhile.
    if (owner !== null && readOwner(path) === owner) rmSync(path, { force: true });
  }
  throw lockedBy(path, "another process that is starting");
}

function lockedBy(path: string, owner: string): DatabaseError {
  return new DatabaseError(
    "LOCKED",
    `${path}: the database is in use by process ${owner.split(" ")[0]}; stop it or choose another data directory`,
  );
}

/** The file appears with its content or not at all. */
function createWhole(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, "w");
  try {
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function readOwner(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function isRunning(owner: string): boolean {
  const [pid, start] = owner.split(" ");
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0) return false;
  if (process.platform === "linux") return startOf(number) === start;
  try {
    process.kill(number, 0); // elsewhere a process of that number counts as the owner
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Clock ticks since boot when the process began: field 22, counted after the name in brackets. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null; // no such process, or no /proc on this system
  }
}
