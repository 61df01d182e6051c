/** `kadun alerts`: alerts, cases and SMS of a distributed Kadun. */

import { Topic } from "../../schemas/topics.js";
import { openBureau } from "../compose/bureau.js";
import { openBox, openPostgres, openRegister, openSms } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { smsReceiptReader } from "../compose/sms.js";
import { startAlerts } from "../process/alerts-process.js";
import { LogFollower } from "../process/log-follower.js";
import { smsReceiptRequests } from "../process/sms-receipts.js";
import { startStatusServer } from "../process/status-server.js";
import { checkLogTopics } from "./check-topics.js";
import { roleCommand } from "./role.js";
import { startRolePatrols } from "./role-patrols.js";
import { ALERTS_SETTINGS, bureauOutboxOf } from "./settings.js";

const HOUR_MS = 3_600_000;

export const alerts = roleCommand({
  name: "alerts",
  about:
    "Makes alerts, cases and SMS of the decisions log, and runs the patrols where a ClickHouse is named. Several may run; each outcome and each SMS counts once, and one of them patrols.",
  table: ALERTS_SETTINGS,
  start: async ({ settings, platform, closers, onFailure }) => {
    const box = openBox(settings);
    const kafka = await openKafka(settings, platform, closers);
    await checkLogTopics(kafka);
    const database = await openPostgres(settings, closers);
    const { smsStaleHours, host, port } = settings;
    const service = closers.add(
      await startAlerts(
        {
          ...platform,
          log: kafka.log,
          box,
          database,
          contacts: openRegister(database, "contacts", closers, { readOnly: true }),
          moved: openRegister(database, "moved", closers, { readOnly: true }),
          smsGateway: await openSms(settings, platform, closers),
          bureauChannel: await openBureau(
            { ...settings, outbox: bureauOutboxOf(settings) },
            platform.clock,
            closers,
          ),
        },
        { smsStaleAfterMs: smsStaleHours === 0 ? null : smsStaleHours * HOUR_MS },
      ),
    );
    service.ended.catch(onFailure);
    const patrols = closers.add(startRolePatrols(settings, { ...platform, log: kafka.log, database }));
    const status = async () => {
      // null where PostgreSQL does not answer.
      const [partitions, smsPending] = [await service.status(), await service.smsPending().catch(() => null)];
      const caughtUp = smsPending === 0 && partitions.every(({ lag }) => lag === 0);
      return { caughtUp, partitions, smsPending };
    };
    const follower = closers.add(
      new LogFollower({
        ...platform,
        partitions: async () =>
          (await service.status()).map((partition) => ({ ...partition, topic: Topic.DECISIONS })),
        otherReasons: () => [...service.alarms],
        database: { name: "PostgreSQL", variable: "KADUN_POSTGRES_URL", ask: () => service.smsPending() },
      }),
    );
    const reader = smsReceiptReader(settings);
    const receipts = reader && smsReceiptRequests({ ...platform, reader, database });
    return startStatusServer(
      {
        host,
        port,
        ...platform,
        readiness: async () => follower.readiness(),
        ...(receipts && { requests: receipts }),
        routes: { "GET /v1/status": status, "POST /v1/patrols/run": async () => patrols.runNow() },
      },
      closers,
    );
  },
});
