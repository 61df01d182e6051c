/** The journal of a distributed Kadun and the register of its bundles, by the settings of its roles. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { SettingsTable } from "../../platform/config/settings.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { BundleRegister } from "../bundle-register.js";
import { openPostgres, openRegister } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { settingsFrom } from "../distributed/read-settings.js";
import { KAFKA_SETTINGS, POSTGRES_SETTINGS } from "../distributed/settings.js";
import type { Closers } from "../process/closers.js";

const REGISTER_SETTINGS = { ...KAFKA_SETTINGS, ...POSTGRES_SETTINGS } as const satisfies SettingsTable;
const NO_TEXT = { contentType: "text/plain", text: async () => "" };

/** @throws UsageError, OperatingError naming the settings to look at. */
export async function openDistributedLog(closers: Closers): Promise<EventLog> {
  const settings = settingsFrom(KAFKA_SETTINGS, {}, process.env);
  const platform = { clock: systemClock, logger: silentLogger, metrics: noMetrics, metricsText: NO_TEXT };
  return (await openKafka(settings, platform, closers)).log;
}

/** @throws UsageError, DatabaseError. */
export async function openBundleRegister(closers: Closers): Promise<BundleRegister> {
  const database = await openPostgres(settingsFrom(REGISTER_SETTINGS, {}, process.env), closers);
  return new BundleRegister(openRegister(database, "bundles", closers, { readOnly: true }));
}
