/** A Kadun that the demo feeds: embedded or distributed, the demo does not see a difference. */

import { mkdirSync } from "node:fs";
import type { PatrolFinding } from "../../bench/city/scoreboard-model.js";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { metricsOf, reconciled } from "../../bench/load/office-client.js";
import { RoleCluster } from "../../bench/load/role-cluster.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { openAnalytics, openPostgres } from "../compose/distributed.js";
import { openLogReadOnly } from "../compose/embedded.js";
import { openKafka } from "../compose/kafka.js";
import { settingsFrom } from "../distributed/read-settings.js";
import {
  ALERTS_SETTINGS,
  ANALYTICS_SETTINGS,
  DETECTOR_SETTINGS,
  KAFKA_SETTINGS,
  POSTGRES_SETTINGS,
} from "../distributed/settings.js";
import { type DataPaths, pathsOf } from "../embedded/paths.js";
import { OperatingError } from "../exit-status.js";
import { Closers } from "../process/closers.js";
import { type AlertCount, countAlerts, countAlertsIn } from "./alert-count.js";
import type { DemoFolder } from "./folder.js";
import { type CityPatrol, patrolCity } from "./patrol-city.js";

export interface DemoKadun {
  /** Of the gateway. */
  readonly url: string;
  readonly apiKey: string;
  /** SMS that were sent. */
  readonly outbox: string;
  /** Resolves with a sentence where it ends by itself. */
  readonly ended: Promise<string>;
  reconciled(signal: AbortSignal): Promise<Reconciliation>;
  metrics(): Promise<string>;
  openLog(): Promise<EventLog>;
  stop(): Promise<void>;
  /** After it has stopped. */
  alerts(): Promise<AlertCount>;
  /** After it has stopped: what the patrols find in all that it has stored. */
  patrolled(asked: PatrolQuestion): Promise<PatrolFinding[]>;
}

export type PatrolQuestion = Pick<CityPatrol, "decoyEvents" | "signal">;

export type DemoProfile = "embedded" | "distributed";

export function startDemoKadun(profile: DemoProfile, folder: DemoFolder): Promise<DemoKadun> {
  return profile === "embedded" ? startEmbedded(folder) : startDistributed(folder);
}

const EMBEDDED_PARTITIONS = 1;
/** Nobody waits for a snapshot of losses here, and the city's days are long past: its SMS are written all the same. */
export const EMBEDDED_ARGS = [
  "--cold-start",
  "--partitions",
  String(EMBEDDED_PARTITIONS),
  "--sms-stale-hours",
  "0",
];

async function startEmbedded({ data, log }: DemoFolder): Promise<DemoKadun> {
  const kadun = await KadunProcess.start({ dataDirectory: data, logPath: log, args: EMBEDDED_ARGS });
  const paths = pathsOf(data);
  return {
    url: kadun.url,
    apiKey: kadun.apiKey,
    outbox: paths.outbox,
    ended: kadun.exited.then(({ code, signal }) => `kadun start ended by itself (${code ?? signal})`),
    reconciled: (signal) => reconciled(kadun, signal),
    metrics: async () => {
      const { swipe, office } = await metricsOf(kadun);
      return `# swipe process\n${swipe}\n# office\n${office}`;
    },
    openLog: () => openLogReadOnly(paths, EMBEDDED_PARTITIONS),
    stop: async () => {
      await kadun.stop();
    },
    alerts: () => countAlerts(paths.database),
    patrolled: (asked) => patrolEmbedded(paths, asked),
  };
}

async function patrolEmbedded(paths: DataPaths, asked: PatrolQuestion): Promise<PatrolFinding[]> {
  const closers = new Closers();
  try {
    const analytics = closers.add(await openChdbDatabase({ directory: paths.analytics }));
    const database = closers.add(await openPgliteDatabase({ path: paths.database }));
    return await patrolCity({ ...asked, analytics, database, partitions: EMBEDDED_PARTITIONS });
  } finally {
    await closers.close();
  }
}

const DISTRIBUTED_PARTITIONS = 12;

/** Over the servers that the environment names, which must not hold a Kadun's data yet. */
async function startDistributed({ data }: DemoFolder): Promise<DemoKadun> {
  const settings = serverSettings();
  const closers = new Closers();
  const platform = { clock: systemClock, logger: silentLogger, metrics: noMetrics };
  const { log } = await openKafka(settings, { ...platform, metricsText: NO_TEXT }, closers);
  mkdirSync(data, { recursive: true });
  const cluster = new RoleCluster({
    servers: kadunVariables(),
    folder: data,
    partitions: DISTRIBUTED_PARTITIONS,
    settings: { KADUN_SMS_STALE_HOURS: "0", KADUN_LOG_LEVEL: "warn" },
  });
  closers.add({
    close: async () => {
      await cluster.stop();
    },
  });
  try {
    await refuseOtherData(log);
    await cluster.setUp();
    await Promise.all(
      (["alerts", "analytics", "detector", "detector"] as const).map((role) => cluster.start(role)),
    );
    const gateway = await cluster.start("ingest");
    return {
      url: gateway.url,
      apiKey: cluster.apiKey,
      outbox: cluster.outbox,
      ended: cluster.firstExit(),
      reconciled: (signal) => cluster.reconciled(signal),
      metrics: () => cluster.metrics(),
      // Closing it twice is nothing.
      openLog: async () => log,
      stop: () => closers.close(),
      alerts: () => alertsIn(settings),
      patrolled: (asked) => patrolServers(settings, asked),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** @throws UsageError naming what is not set. */
function serverSettings() {
  const table = {
    ...DETECTOR_SETTINGS,
    ...ALERTS_SETTINGS,
    ...ANALYTICS_SETTINGS,
    ...KAFKA_SETTINGS,
    ...POSTGRES_SETTINGS,
  };
  // The demo makes its keys itself.
  const { vaultKeyFile: _, ...given } = table;
  return settingsFrom(given, {}, process.env);
}

function kadunVariables(): Record<string, string> {
  const given = Object.entries(process.env).filter(([name]) => name.startsWith("KADUN_"));
  return Object.fromEntries(given.map(([name, value]) => [name, value ?? ""]));
}

async function refuseOtherData(log: EventLog): Promise<void> {
  const partitions = await log.partitionCount(Topic.JOURNAL).catch(() => 0);
  if (partitions > 0)
    throw new OperatingError(
      `${Topic.JOURNAL}: is there already; the demo starts afresh, name servers without a Kadun's data`,
    );
}

async function alertsIn(settings: Parameters<typeof openPostgres>[0]): Promise<AlertCount> {
  const closers = new Closers();
  try {
    return await countAlertsIn(await openPostgres(settings, closers));
  } finally {
    await closers.close();
  }
}

async function patrolServers(
  settings: ReturnType<typeof serverSettings>,
  asked: PatrolQuestion,
): Promise<PatrolFinding[]> {
  const closers = new Closers();
  try {
    const analytics = await openAnalytics(settings, closers);
    const database = await openPostgres(settings, closers);
    return await patrolCity({ ...asked, analytics, database, partitions: DISTRIBUTED_PARTITIONS });
  } finally {
    await closers.close();
  }
}

const NO_TEXT = { contentType: "text/plain", text: async () => "" };
