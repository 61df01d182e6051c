/** `kadun analytics`: the analysts' rows of a distributed Kadun. */

import { Topic } from "../../schemas/topics.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { openAnalytics } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { startAnalytics } from "../process/analytics-process.js";
import { startStatusServer } from "../process/status-server.js";
import { checkLogTopics } from "./check-topics.js";
import { reasonsOfLag } from "./lag-reasons.js";
import { roleCommand } from "./role.js";
import { ANALYTICS_SETTINGS } from "./settings.js";

export const ANALYTICS_GROUP = "kadun-analytics";
const OPENING = "OPENING: partitions are being taken over; wait";

export const analytics = roleCommand({
  name: "analytics",
  about:
    "Stores journal and outcomes as rows in ClickHouse and compares them with the logs. Several may run and share the partitions.",
  table: ANALYTICS_SETTINGS,
  start: async ({ settings, platform, closers, onFailure }) => {
    const kafka = await openKafka(settings, platform, closers);
    await checkLogTopics(kafka);
    const database = await openAnalytics(settings, closers);
    const { log, joinGroup } = kafka;
    const service = await startAnalytics({ ...platform, log, analytics: database }, []);
    const group = await joinGroup({
      groupId: ANALYTICS_GROUP,
      topic: Topic.JOURNAL,
      onAssignment: (partitions) => void service.assign(partitions),
      onFailure,
    });
    // In order: the last blocks while the partitions are still ours, then the others get them.
    closers.add({ close: () => group.leave() });
    closers.add(service);
    const status = async () => {
      const [assigned, partitions] = [group.assigned, await service.status()];
      const isOpen = new Set(partitions.map(({ partition }) => partition)).size === assigned.length;
      return { caughtUp: isOpen && partitions.every(({ lag }) => lag === 0), assigned, isOpen, partitions };
    };
    const readiness = async () => {
      const { isOpen, partitions } = await status();
      const lag = reasonsOfLag(partitions);
      return isOpen ? lag : { ready: false, reasons: [OPENING, ...lag.reasons] };
    };
    const { host, port } = settings;
    return startStatusServer(
      {
        host,
        port,
        ...platform,
        readiness,
        routes: { "GET /v1/status": status, "POST /v1/reconcile": () => reconcile({ log, database }) },
      },
      closers,
    );
  },
});
