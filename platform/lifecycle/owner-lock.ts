/**
 * One owner of a directory: a file with pid and start time of the process that has it.
 *
 * 1. A lock whose process is gone, or whose pid is another process by now, is taken over.
 * 2. Taking is a hard link of a finished file: of several processes exactly one gets it, and nobody reads half a lock.
 */

import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import type { Clock } from "../clock/clock.js";

const POLL_MS = 50;
const TAKE_OVER_ATTEMPTS_MAX = 20;

export class OwnerLockError extends Error {
  override readonly name = "OwnerLockError";
  readonly code = "LOCKED";
  readonly retryable = true;
  constructor(
    readonly path: string,
    readonly ownerPid: number,
  ) {
    super(`${path}: process ${ownerPid} has this directory; stop it first, or use another directory`);
  }
}

export interface OwnerLock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly startedAt: string;
}

/** @throws OwnerLockError while another process lives that has it. */
export function takeOwnerLock(path: string): OwnerLock {
  const mine: Owner = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < TAKE_OVER_ATTEMPTS_MAX; attempt++) {
      if (tryLink(draft, path)) return { release: () => release(path, mine) };
      const owner = ownerOf(path);
      if (owner !== null && isAlive(owner)) throw new OwnerLockError(path, owner.pid);
      removeStale(path, owner);
    }
    throw new OwnerLockError(path, ownerOf(path)?.pid ?? 0);
  } finally {
    unlinkSync(draft);
  }
}

/** As `takeOwnerLock`, waiting for an owner that is about to end. */
export async function waitForOwnerLock(path: string, clock: Clock, waitMs: number): Promise<OwnerLock> {
  const deadlineMs = clock.now() + waitMs;
  for (;;) {
    try {
      return takeOwnerLock(path);
    } catch (error) {
      if (!(error instanceof OwnerLockError) || clock.now() >= deadlineMs) throw error;
    }
    await clock.sleep(POLL_MS);
  }
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moved away before it is removed, and looked at again: it may be a new owner's by now. */
function removeStale(path: string, seen: Owner | null): void {
  const aside = `${path}.stale.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = ownerOf(aside);
  const isOther =
    moved !== null && (seen === null || moved.pid !== seen.pid || moved.startedAt !== seen.startedAt);
  if (isOther && isAlive(moved)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, mine: Owner): void {
  const owner = ownerOf(path);
  if (owner?.pid === mine.pid && owner.startedAt === mine.startedAt) rmSync(path, { force: true });
}

function ownerOf(path: string): Owner | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { pid, startedAt } = value as { pid?: unknown; startedAt?: unknown };
    return typeof pid === "number" && typeof startedAt === "string" ? { pid, startedAt } : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = startOf(pid);
  return start === null || start === startedAt;
}

/** Start of a process in clock ticks since boot; null where the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; field 22 of the whole is field 20 behind it. A zombie has ended.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "ended" : (fields[19] ?? null);
  } catch {
    return null;
  }
}
