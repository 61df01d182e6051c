/** The lock of an office that runs, once that has ended in order. */

import { systemClock } from "../../platform/clock/system-clock.js";
import {
  type OwnerLock,
  OwnerLockError,
  ownerOf,
  waitForOwnerLock,
} from "../../platform/lifecycle/owner-lock.js";

/** An office ends after the blocks under way; one that was just started waits for its own turn. */
const WAIT_MS = 60_000;
/** Another office may have come before us to the lock of one that ended: it is asked in turn. */
const LOOK_EVERY_MS = 2_000;

/** @throws OwnerLockError where an office does not end, DataDirectoryError. */
export async function takeOfficePlace(path: string): Promise<OwnerLock> {
  const deadlineMs = systemClock.now() + WAIT_MS;
  const asked = new Set<number>();
  for (;;) {
    endOwner(path, asked);
    const leftMs = Math.min(LOOK_EVERY_MS, Math.max(0, deadlineMs - systemClock.now()));
    try {
      return await waitForOwnerLock(path, systemClock, leftMs);
    } catch (error) {
      if (!(error instanceof OwnerLockError) || systemClock.now() >= deadlineMs) throw error;
    }
  }
}

/**
 * The office closes in order at SIGTERM; the lock names it, also where it is not the one that `run.json` knows. Each is asked
 * once: a second signal would end it at once (shutdown.ts), in the middle of a block.
 */
function endOwner(path: string, asked: Set<number>): void {
  const pid = ownerOf(path);
  if (pid === null || pid === process.pid || asked.has(pid)) return;
  asked.add(pid);
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // Gone by itself meanwhile, or not ours to end: waiting for the lock tells.
  }
}
