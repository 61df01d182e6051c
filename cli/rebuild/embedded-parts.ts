/**
 * The office's place, taken by a rebuild: its databases, and the logs as a second process reads them.
 *
 * 1. Where Kadun runs, its office is told to end and does so in order; the swipe process starts another, which waits for the
 *    lock that is held here, and goes on with the new tables when it is free. No swipe notices.
 */

import { existsSync } from "node:fs";
import { systemClock } from "../../platform/clock/system-clock.js";
import { ownerOf, waitForOwnerLock } from "../../platform/lifecycle/owner-lock.js";
import { openEmbeddedOffice } from "../compose/embedded.js";
import { openOfficeData } from "../embedded/open-data.js";
import { embeddedSettings } from "../embedded/settings.js";
import type { Closers } from "../process/closers.js";
import type { AlertsParts } from "./rebuild-alerts.js";
import type { AnalyticsParts } from "./rebuild-analytics.js";

/** An office ends after the blocks under way; one that was just started waits for its own turn. */
const OFFICE_WAIT_MS = 60_000;
const ASK_EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;

/** @throws OwnerLockError where the office does not end, DataDirectoryError, whatever opening throws. */
export async function embeddedParts(data: string, closers: Closers): Promise<AnalyticsParts & AlertsParts> {
  const settings = embeddedSettings({ data, "log-level": "error" }, process.env);
  const shared = openOfficeData(settings);
  await takeOfficeLock(shared.paths.officeLock, closers);
  const platform = await openEmbeddedOffice(shared, { sms: settings, bureau: null }, closers);
  const { patrols, decoys } = shared.paths;
  const { smsStaleHours } = settings;
  return {
    platform,
    patrols: {
      platform,
      options: { patrolsFile: existsSync(patrols) ? patrols : "", decoysFile: decoys },
    },
    smsStaleAfterMs: smsStaleHours === 0 ? null : smsStaleHours * HOUR_MS,
  };
}

async function takeOfficeLock(path: string, closers: Closers): Promise<void> {
  const deadlineMs = systemClock.now() + OFFICE_WAIT_MS;
  for (;;) {
    endOwner(path);
    const leftMs = Math.min(ASK_EVERY_MS, Math.max(0, deadlineMs - systemClock.now()));
    try {
      const lock = await waitForOwnerLock(path, systemClock, leftMs);
      closers.add({ close: async () => lock.release() });
      return;
    } catch (error) {
      if (systemClock.now() >= deadlineMs) throw error;
    }
  }
}

/** The office closes in order at SIGTERM; the lock names it, also where it is not the one that `run.json` knows. */
function endOwner(path: string): void {
  const pid = ownerOf(path);
  if (pid === null || pid === process.pid) return;
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // Gone by itself meanwhile, or not ours to end: waiting for the lock tells.
  }
}
