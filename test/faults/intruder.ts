/** A detector outside the group, which takes every partition's ownership from whoever has it, again and again. */

import { loadBundle } from "../../cli/bundle-files.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { type Metrics, noMetrics } from "../../platform/metrics/metrics.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { Topic } from "../../schemas/topics.js";
import { OwnedPartitions } from "../../services/detector/owned-partitions.js";
import type { FaultWorld } from "./fault-world.js";

export interface Intruder {
  /** Its own writes that were refused. */
  refusals(): number;
  close(): Promise<void>;
}

const FENCED = "kadun_detector_fenced_writes_total";

export async function intruder({ log, servers }: FaultWorld): Promise<Intruder> {
  let refusals = 0;
  let failure: { readonly error: unknown } | null = null;
  const metrics: Metrics = {
    ...noMetrics,
    counter: (options) => ({
      ...noMetrics.counter(options),
      add: () => {
        if (options.name === FENCED) refusals++;
      },
    }),
  };
  const { bundle } = loadBundle();
  const store = await openRedisStateStore({ url: servers.redis.url });
  const producer = await log.producer(Topic.DECISIONS);
  const owned = new OwnedPartitions({
    log,
    producer,
    store,
    clock: systemClock,
    logger: silentLogger,
    metrics,
    bundles: { load: async (hash) => (hash === bundle.hash ? bundle : null) },
    onFailure: (error) => {
      failure ??= { error };
    },
  });
  owned.assign(Array.from({ length: await log.partitionCount(Topic.JOURNAL) }, (_, partition) => partition));
  return {
    refusals: () => {
      if (failure !== null) throw failure.error;
      return refusals;
    },
    close: async () => {
      await owned.close();
      await producer.close();
      await store.close();
      if (failure !== null) throw failure.error;
    },
  };
}
