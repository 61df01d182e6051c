/**
 * Patrols in an alerts process of a distributed Kadun, where a ClickHouse is named.
 *
 * Owns: the connection to ClickHouse, opened when it answers.
 *
 * 1. Alerts never wait for ClickHouse: while it does not answer there are no patrols, which is said once a minute.
 */

import type { SettingsOf } from "../../platform/config/settings.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { type PatrolService, ROUND_EVERY_MS } from "../../services/alerts/patrol/patrol-service.js";
import { openAnalytics } from "../compose/distributed.js";
import { OperatingError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import { Closers } from "../process/closers.js";
import { loadPatrols, startPatrolProcess } from "../process/patrols-process.js";
import type { PATROL_SETTINGS } from "./settings.js";

type Platform = ProcessPlatform & { readonly log: EventLog; readonly database: OpenDatabase };

export interface RolePatrols {
  /** A round now. @throws OperatingError where there are no patrols. */
  runNow(): ReturnType<PatrolService["runNow"]>;
  close(): Promise<void>;
}

/** @throws BundleError where the file of the installation is wrong. */
export function startRolePatrols(
  settings: SettingsOf<typeof PATROL_SETTINGS>,
  platform: Platform,
): RolePatrols {
  loadPatrols(settings.patrolsFile);
  const stopping = new AbortController();
  const closers = new Closers();
  let service: PatrolService | null = null;
  const opening = open(settings, platform, closers, stopping.signal).then((opened) => {
    service = opened;
  });
  return {
    runNow: () => {
      if (service !== null) return service.runNow();
      throw new OperatingError("no patrols run here: KADUN_CLICKHOUSE_URL is not set, or does not answer");
    },
    close: async () => {
      stopping.abort();
      await opening;
      await closers.close();
    },
  };
}

async function open(
  settings: SettingsOf<typeof PATROL_SETTINGS>,
  platform: Platform,
  closers: Closers,
  signal: AbortSignal,
): Promise<PatrolService | null> {
  if (settings.clickhouseUrl === "") {
    platform.logger.info("patrols.off", { reason: "KADUN_CLICKHOUSE_URL is not set" });
    return null;
  }
  while (!signal.aborted) {
    try {
      const analytics = await openAnalytics(settings, closers);
      return closers.add(await startPatrolProcess({ ...platform, analytics }, settings));
    } catch (error) {
      platform.logger.warn("patrols.not-started", { error });
      await platform.clock.sleep(ROUND_EVERY_MS, signal);
    }
  }
  return null;
}
