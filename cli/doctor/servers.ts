/** The servers of a distributed Kadun, looked at without changing anything: also while it runs. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { SettingsTable } from "../../platform/config/settings.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import { openPostgres, openRegister } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { settingsFrom } from "../distributed/read-settings.js";
import { KAFKA_SETTINGS, POSTGRES_SETTINGS } from "../distributed/settings.js";
import { Closers } from "../process/closers.js";
import { type Finding, fail, messageOf, ok } from "./check.js";
import { findingOf, movesSeen } from "./moves.js";

const SETTINGS = { ...KAFKA_SETTINGS, ...POSTGRES_SETTINGS } as const satisfies SettingsTable;
const PLATFORM = {
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
  metricsText: { contentType: "text/plain", text: async () => "" },
};

/** The journal's topic, and persons on their way to another number. @throws UsageError where a setting is wrong. */
export async function checkServers(): Promise<Finding[]> {
  const settings = settingsFrom(SETTINGS, {}, process.env);
  const closers = new Closers();
  try {
    const { log } = await openKafka(settings, PLATFORM, closers);
    const partitions = await log.partitionCount(Topic.JOURNAL);
    const moved = openRegister(await openPostgres(settings, closers), "moved", closers, { readOnly: true });
    return [
      ok("journal in Kafka", `${partitions} partition(s)`),
      findingOf(await movesSeen(log, moved, partitions), true),
    ];
  } catch (error) {
    return [
      fail("Kafka and PostgreSQL", messageOf(error), "the roles will say the same until that is mended"),
    ];
  } finally {
    await closers.close();
  }
}
