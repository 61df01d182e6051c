/** What a raw source counts. Labels are its topics and five results. */

import type { Counter, Gauge, Metrics } from "../../platform/metrics/metrics.js";

export interface RawSourceMetrics {
  readonly records: Counter;
  readonly retries: Counter;
  readonly lag: Gauge;
  readonly partitions: Gauge;
}

export function rawSourceMetrics(metrics: Metrics): RawSourceMetrics {
  return {
    records: metrics.counter({
      name: "kadun_ingest_raw_records_total",
      help: "Records of the raw topics by topic and result (accepted, parked, skipped: a transaction of the national platform that is no record; of heartbeats also stale: waited too long, superseded: by a newer one).",
      labels: ["topic", "result"],
    }),
    retries: metrics.counter({
      name: "kadun_ingest_raw_retries_total",
      help: "Waits after a read, append, park or commit that failed and is tried again.",
      labels: ["topic"],
    }),
    lag: metrics.gauge({
      name: "kadun_ingest_raw_lag_records",
      help: "Records of the partitions of this process that are not in the journal yet.",
      labels: ["topic"],
    }),
    partitions: metrics.gauge({
      name: "kadun_ingest_raw_partitions",
      help: "Partitions of the raw topic that this process reads.",
      labels: ["topic"],
    }),
  };
}
