/**
 * One owner of a directory: a file with pid and start time of the process that has it.
 *
 * 1. Taking is a hard link of a finished file: of several processes exactly one gets it, and nobody reads half a lock.
 * 2. A lock whose process is gone, or whose pid is another process by now, is taken over. Only who holds the guard of
 *    that very lock (a lock file named by its content) may remove it, and looks at it again first: a lock of a living
 *    owner is never moved, not for a moment.
 * 3. Processes must see each other's pids: two containers on one directory do not.
 */

import { createHash, randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import type { Clock } from "../clock/clock.js";
import { notWritable } from "./data-directory.js";
import { isStarted, startOf } from "./process-start.js";

const POLL_MS = 50;
/** Each attempt that gets nowhere saw somebody else get on. */
const ATTEMPTS_MAX = 20;
const GUARD_DIGITS = 16;

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

/** @throws OwnerLockError while another process lives that has it, DataDirectoryError where nothing can be written. */
export function takeOwnerLock(path: string): OwnerLock {
  const mine = JSON.stringify({
    pid: process.pid,
    startedAt: startOf(process.pid) ?? "",
    nonce: randomBytes(8).toString("hex"),
  });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeFileSync(draft, mine);
  } catch (error) {
    throw notWritable(path, error);
  }
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (tryLink(draft, path)) return { release: () => removeIf(path, mine) };
      const found = readOrNull(path);
      if (found === null) continue;
      const ownerPid = livingOwner(found);
      if (ownerPid !== null) throw new OwnerLockError(path, ownerPid);
      removeStale(path, found);
    }
    throw new OwnerLockError(path, ownerOf(path) ?? 0);
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

/** The pid of the living process that has it; null where nobody has. Changes nothing. */
export function ownerOf(path: string): number | null {
  const found = readOrNull(path);
  return found === null ? null : livingOwner(found);
}

/**
 * The guard is named by the content of the stale lock, and a content is never written twice: who comes late finds
 * another lock at `path` and leaves it. A guard whose holder was killed is stale itself, and guarded in the same way.
 */
function removeStale(path: string, stale: string): void {
  const guard = takeGuard(path, createHash("sha256").update(stale).digest("hex").slice(0, GUARD_DIGITS));
  try {
    removeIf(path, stale);
  } finally {
    guard.release();
  }
}

function takeGuard(path: string, name: string): OwnerLock {
  try {
    return takeOwnerLock(`${path}.${name}`);
  } catch (error) {
    // Who holds the guard is about to have the lock.
    throw error instanceof OwnerLockError ? new OwnerLockError(path, error.ownerPid) : error;
  }
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw notWritable(path, error);
  }
}

function removeIf(path: string, content: string): void {
  if (readOrNull(path) === content) rmSync(path, { force: true });
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw notWritable(path, error);
  }
}

/** null for a process that is gone, and for a damaged lock: it is written whole, a power cut may have emptied it. */
function livingOwner(content: string): number | null {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { pid, startedAt } = value as { pid?: unknown; startedAt?: unknown };
  if (typeof pid !== "number" || !(Number.isInteger(pid) && pid > 0)) return null;
  return typeof startedAt === "string" && isStarted(pid, startedAt) ? pid : null;
}
