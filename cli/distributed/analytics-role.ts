/** `kadun analytics`: the analysts' rows of a distributed Kadun. */

import { reconcile } from "../../services/analytics/reconcile.js";
import { openAnalytics } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { startAnalytics } from "../process/analytics-process.js";
import { startStatusServer } from "../process/status-server.js";
import { checkLogTopics } from "./check-topics.js";
import { reasonsOfLag } from "./lag-reasons.js";
import { roleCommand } from "./role.js";
import { ANALYTICS_SETTINGS } from "./settings.js";

export const analytics = roleCommand({
  name: "analytics",
  about: "Stores journal and outcomes as rows in ClickHouse and compares them with the logs.",
  table: ANALYTICS_SETTINGS,
  start: async ({ settings, platform, closers }) => {
    const kafka = await openKafka(settings, platform, closers);
    await checkLogTopics(kafka);
    const database = await openAnalytics(settings, closers);
    const { log } = kafka;
    const service = closers.add(await startAnalytics({ ...platform, log, analytics: database }));
    const status = async () => {
      const partitions = await service.status();
      return { caughtUp: partitions.every(({ lag }) => lag === 0), partitions };
    };
    const { host, port } = settings;
    return startStatusServer(
      {
        host,
        port,
        ...platform,
        readiness: async () => reasonsOfLag((await status()).partitions),
        routes: { "GET /v1/status": status, "POST /v1/reconcile": () => reconcile({ log, database }) },
      },
      closers,
    );
  },
});
