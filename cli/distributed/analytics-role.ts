/** `kadun analytics`: the analysts' rows of a distributed Kadun. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import { readPrecision } from "../../services/analytics/precision.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { openAnalytics } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { startAnalytics } from "../process/analytics-process.js";
import { type FollowedPartition, LogFollower } from "../process/log-follower.js";
import { startStatusServer } from "../process/status-server.js";
import { checkLogTopics } from "./check-topics.js";
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
    let isOpen = false;
    const follower = closers.add(
      new LogFollower({
        ...platform,
        partitions: async () => {
          const { partitions, ...found } = await status();
          isOpen = found.isOpen;
          // Without partitions nothing shows whether they cannot be had, or the others have them.
          return partitions.length > 0 ? partitions : [await signOfLife(log)];
        },
        otherReasons: () => (isOpen ? [] : [OPENING]),
        database: {
          name: "ClickHouse",
          variable: "KADUN_CLICKHOUSE_URL",
          ask: () => database.query("SELECT 1 AS one"),
        },
      }),
    );
    const { host, port } = settings;
    return startStatusServer(
      {
        host,
        port,
        ...platform,
        readiness: async () => follower.readiness(),
        routes: {
          "GET /v1/status": status,
          "POST /v1/reconcile": () => reconcile({ log, database }),
          "GET /v1/precision": () => readPrecision(database),
        },
      },
      closers,
    );
  },
});

async function signOfLife(log: EventLog): Promise<FollowedPartition> {
  const [topic, partition] = [Topic.JOURNAL, 0];
  const lag = await log.bounds(topic, partition).then(
    () => 0,
    () => null,
  );
  return { topic, partition, nextOffset: 0, lag };
}
