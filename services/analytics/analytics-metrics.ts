import type { Metrics } from "../../platform/metrics/metrics.js";

export interface AnalyticsMetrics {
  blockWritten(topic: string, rows: number, durationMs: number): void;
  blockFailed(topic: string): void;
  repeatsDropped(topic: string, count: number): void;
  lag(topic: string, partition: number, records: number): void;
  restarted(topic: string): void;
  /** Outcomes that are in lists and figures now. */
  rolled(outcomes: number, durationMs: number): void;
  rollFailed(): void;
}

/** An insert takes 4 to 16 ms and grows with its rows. */
const BLOCK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export function analyticsMetrics(metrics: Metrics): AnalyticsMetrics {
  const labels = ["topic"];
  const rows = metrics.counter({ name: "kadun_analytics_rows_total", help: "Rows written", labels });
  const failures = metrics.counter({
    name: "kadun_analytics_block_failures_total",
    help: "Inserts of a block that failed and were tried again",
    labels,
  });
  const repeats = metrics.counter({
    name: "kadun_analytics_repeats_total",
    help: "Records of a log dropped because they repeat earlier ones",
    labels,
  });
  const restarts = metrics.counter({
    name: "kadun_analytics_restarts_total",
    help: "Consumers started again after an error",
    labels,
  });
  const seconds = metrics.histogram({
    name: "kadun_analytics_block_seconds",
    help: "From a block's rows being chosen to their being there; the count is the number of blocks",
    labels,
    buckets: BLOCK_SECONDS,
  });
  const lag = metrics.gauge({
    name: "kadun_analytics_lag_records",
    help: "Records of the log that are not in the tables yet",
    labels: ["topic", "partition"],
  });
  const rolled = metrics.counter({
    name: "kadun_analytics_counted_total",
    help: "Outcomes taken into lists and figures",
  });
  const rollFailures = metrics.counter({
    name: "kadun_analytics_count_failures_total",
    help: "Times that lists and figures could not be brought up to date",
  });
  const rollSeconds = metrics.histogram({
    name: "kadun_analytics_count_seconds",
    help: "One go of bringing lists and figures up to date",
    buckets: BLOCK_SECONDS,
  });
  return {
    rolled: (outcomes, durationMs) => {
      rolled.add(outcomes);
      rollSeconds.observe(durationMs / 1000);
    },
    rollFailed: () => rollFailures.add(1),
    blockWritten: (topic, count, durationMs) => {
      rows.add(count, { topic });
      seconds.observe(durationMs / 1000, { topic });
    },
    blockFailed: (topic) => failures.add(1, { topic }),
    repeatsDropped: (topic, count) => repeats.add(count, { topic }),
    lag: (topic, partition, records) => lag.set(records, { topic, partition: String(partition) }),
    restarted: (topic) => restarts.add(1, { topic }),
  };
}
