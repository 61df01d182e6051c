/** What a rebuild of a distributed Kadun stands on, once it is sure that no role of the kind runs. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Topic } from "../../schemas/topics.js";
import { PATROLLING } from "../../services/alerts/patrol/patrol-service.js";
import { SMS_SENDING } from "../../services/alerts/sms/sms-sender.js";
import { openAnalytics, openBox, openPostgres, openRegister, openSms } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { ANALYTICS_GROUP } from "../distributed/analytics-role.js";
import { settingsFrom } from "../distributed/read-settings.js";
import { ALERTS_SETTINGS, ANALYTICS_SETTINGS } from "../distributed/settings.js";
import { OperatingError } from "../exit-status.js";
import type { Closers } from "../process/closers.js";
import type { AlertsParts } from "./rebuild-alerts.js";
import type { AnalyticsParts } from "./rebuild-analytics.js";

/** Of the group: a member that was killed is forgotten after its session, ten seconds unless set otherwise. */
const ASSIGNMENT_MS_MAX = 30_000;
/** A role that runs keeps its turn; one that just ended gives it up at once. */
const TURN_MS_MAX = 5_000;
const HOUR_MS = 3_600_000;

const PLATFORM = {
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
  metricsText: { contentType: "text/plain", text: async () => "" },
};

/** Joins the group of the analytics roles: who is given all partitions is alone. @throws OperatingError. */
export async function distributedAnalytics(closers: Closers): Promise<AnalyticsParts> {
  const settings = settingsFrom(ANALYTICS_SETTINGS, {}, process.env);
  const { log, joinGroup } = await openKafka(settings, PLATFORM, closers);
  const analytics = await openAnalytics(settings, closers);
  const count = await log.partitionCount(Topic.JOURNAL);
  const assigned = new AbortController();
  let failure: unknown = null;
  const group = await joinGroup({
    groupId: ANALYTICS_GROUP,
    topic: Topic.JOURNAL,
    onAssignment: (partitions) => partitions.length === count && assigned.abort(),
    onFailure: (error) => {
      failure = error;
      assigned.abort();
    },
  });
  closers.add({ close: () => group.leave() });
  await systemClock.sleep(ASSIGNMENT_MS_MAX, assigned.signal);
  if (failure !== null) throw failure;
  if (group.assigned.length === count) return { platform: { ...PLATFORM, log, analytics } };
  throw new OperatingError(
    `the group ${ANALYTICS_GROUP} gives ${group.assigned.length} of ${count} partitions: an analytics role runs and believes to know where its rows end; stop all of them first (the rest of Kadun may run)`,
  );
}

/** Runs while it has the turns that an alerts role has as long as it lives. @throws OperatingError. */
export async function distributedAlerts<Result>(
  closers: Closers,
  run: (parts: AlertsParts) => Promise<Result>,
): Promise<Result> {
  const settings = settingsFrom(ALERTS_SETTINGS, {}, process.env);
  const box = openBox(settings);
  const { log } = await openKafka(settings, PLATFORM, closers);
  const database = await openPostgres(settings, closers);
  const analytics = settings.clickhouseUrl === "" ? null : await openAnalytics(settings, closers);
  const { smsStaleHours } = settings;
  const parts: AlertsParts = {
    platform: {
      ...PLATFORM,
      log,
      box,
      database,
      contacts: openRegister(database, "contacts", closers, { readOnly: true }),
      moved: openRegister(database, "moved", closers, { readOnly: true }),
      smsGateway: await openSms(settings, PLATFORM, closers),
      bureauChannel: null,
    },
    patrols:
      analytics === null ? null : { platform: { ...PLATFORM, log, analytics, database }, options: settings },
    smsStaleAfterMs: smsStaleHours === 0 ? null : smsStaleHours * HOUR_MS,
  };
  return inTurn(database, SMS_SENDING, () => inTurn(database, PATROLLING, () => run(parts)));
}

async function inTurn<Result>(
  database: OpenDatabase,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), TURN_MS_MAX);
  let done: { readonly result: Result } | null = null;
  await database.alone(name, waiting.signal, async () => {
    clearTimeout(timer);
    done = { result: await run() };
  });
  clearTimeout(timer);
  if (done !== null) return (done as { readonly result: Result }).result;
  throw new OperatingError(
    `an alerts role runs (it has the turn '${name}' in PostgreSQL); stop all of them first (the rest of Kadun may run)`,
  );
}
