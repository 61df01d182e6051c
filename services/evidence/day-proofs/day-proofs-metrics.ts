import type { Metrics } from "../../../platform/metrics/metrics.js";

export class DayProofsMetrics {
  private readonly lines;
  private readonly lag;
  private readonly failures;

  constructor(metrics: Metrics) {
    this.lines = metrics.gauge({
      name: "kadun_proofs_lines_count",
      help: "Signed lines of day proofs of a partition.",
      labels: ["partition"],
    });
    this.lag = metrics.gauge({
      name: "kadun_proofs_lag_records",
      help: "Records of kadun.journal that are in no stretch yet, not in the open one either.",
      labels: ["partition"],
    });
    this.failures = metrics.counter({
      name: "kadun_proofs_failures_total",
      help: "Times the proofs of a partition stopped and were begun again.",
    });
  }

  standOf(partition: number, lines: number, lag: number | null): void {
    const labels = { partition: String(partition) };
    this.lines.set(lines, labels);
    if (lag !== null) this.lag.set(lag, labels);
  }

  failed(): void {
    this.failures.add(1);
  }
}
