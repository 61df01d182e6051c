/**
 * Job `swipe-5` end to end: raw swipes of a topic in, decisions into another, over the product's Kafka, state store, live
 * loop and judge. Several workers of one group share the partitions.
 *
 * `node dist/bench/swipe-5-worker/worker.js --brokers HOST:PORT --input TOPIC --card-status TOPIC --output TOPIC
 * --group NAME --redis URL | --state-dir DIRECTORY [--checkpoint-every-ms N] [--persons N] [--rules job|default]`; ends on
 * SIGTERM, after a last checkpoint. One worker only with a directory.
 */

import { once } from "node:events";
import { loadBundle } from "../../cli/bundle-files.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import { inlineMore } from "../../platform/lifecycle/inlining.js";
import { createPinoLogger } from "../../platform/logger/pino/pino-logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { openLmdbStateStore } from "../../platform/state-store/lmdb/lmdb-state-store.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { openJobPartition } from "../../services/detector/detector.js";
import { OwnedPartitions } from "../../services/detector/owned-partitions.js";
import { swipe5Bundle } from "../swipe-5/bundle.js";
import { lostCards } from "./lost-cards.js";
import { workerOptions } from "./options.js";
import { swipe5Job } from "./swipe-5-job.js";

const CHECKPOINT_NEVER_BY_COUNT = Number.MAX_SAFE_INTEGER;
const BATCH_RECORDS_MAX = 500;

const options = workerOptions(process.argv.slice(2));
takeHeapRoom();
inlineMore();
const logger = createPinoLogger({ level: "warn" });
const cluster = await KafkaCluster.open({
  brokers: options.brokers,
  clientId: "swipe-5-worker",
  tls: null,
  sasl: null,
});
const log = kafkaEventLog(cluster, { clock: systemClock, logger, fetchPace: options.pace });
const partitionCount = await log.partitionCount(options.input);
const store =
  "redis" in options.store
    ? await openRedisStateStore({ url: options.store.redis, keyPrefix: options.group, logger })
    : await openLmdbStateStore({ path: options.store.directory, partitions: partitionCount });
const lost = await lostCards(log, options.cardStatus, partitionCount);
const bundle = options.rules === "job" ? swipe5Bundle() : loadBundle().bundle;
const personsExpected = Math.ceil((options.persons / partitionCount) * 1.1);
const failed = new AbortController();
const onFailure = (error: unknown) => {
  console.error(error);
  process.exitCode = 1;
  failed.abort();
};
const owned = new OwnedPartitions({
  log,
  producer: await log.producer(options.output),
  store,
  clock: systemClock,
  logger,
  metrics: noMetrics,
  bundles: { load: async () => bundle },
  limits: {
    batchRecordsMax: BATCH_RECORDS_MAX,
    checkpointEveryMs: options.checkpointEveryMs,
    checkpointDirtyMax: CHECKPOINT_NEVER_BY_COUNT,
  },
  onFailure,
  open: (detectorOptions, partition) =>
    openJobPartition(
      detectorOptions,
      partition,
      swipe5Job({
        topics: { journal: options.input, decisions: options.output },
        bundle,
        lost: lost[partition]!,
        personsExpected,
      }),
    ),
});
const joinGroup = kafkaPartitionGroups({ cluster, clock: systemClock, logger });
const group = await joinGroup({
  groupId: options.group,
  topic: options.input,
  onAssignment: (partitions) => owned.assign(partitions),
  onFailure,
});
console.log("ready");
await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT"), once(failed.signal, "abort")]);
await owned.close();
await group.leave();
await log.close();
await store.close();
await cluster.close();
