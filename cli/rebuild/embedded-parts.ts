/**
 * The office's place, taken by a rebuild: its databases, and the logs as a second process reads them.
 *
 * 1. Where Kadun runs, its office is told to end and does so in order; the swipe process starts another, which waits for the
 *    lock that is held here, and goes on with the new tables when it is free. No swipe notices.
 */

import { existsSync } from "node:fs";
import { openEmbeddedOffice } from "../compose/embedded.js";
import { openOfficeData } from "../embedded/open-data.js";
import { embeddedSettings } from "../embedded/settings.js";
import type { Closers } from "../process/closers.js";
import { takeOfficePlace } from "./office-place.js";
import type { AlertsParts } from "./rebuild-alerts.js";
import type { AnalyticsParts } from "./rebuild-analytics.js";

const HOUR_MS = 3_600_000;

/** @throws OwnerLockError where the office does not end, DataDirectoryError, whatever opening throws. */
export async function embeddedParts(data: string, closers: Closers): Promise<AnalyticsParts & AlertsParts> {
  const settings = embeddedSettings({ data, "log-level": "error" }, process.env);
  const shared = openOfficeData(settings);
  const lock = await takeOfficePlace(shared.paths.officeLock);
  closers.add({ close: async () => lock.release() });
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
