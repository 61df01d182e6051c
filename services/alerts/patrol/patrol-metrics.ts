import type { Metrics } from "../../../platform/metrics/metrics.js";
import type { PatrolId } from "../../../schemas/patrols.js";

/** Up to the limit of a run. */
const SECONDS_BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 20];

export type RunResult = "done" | "idle" | "failed";

export class PatrolMetrics {
  private readonly runs;
  private readonly seconds;
  private readonly findings;
  private readonly behind;

  constructor(metrics: Metrics) {
    this.runs = metrics.counter({
      name: "kadun_patrol_runs_total",
      help: "Runs of patrols: done, idle (nothing new was stored) or failed.",
      labels: ["patrol", "result"],
    });
    this.seconds = metrics.histogram({
      name: "kadun_patrol_run_seconds",
      help: "How long runs took that looked at something.",
      labels: ["patrol"],
      buckets: SECONDS_BUCKETS,
    });
    this.findings = metrics.counter({
      name: "kadun_patrol_findings_total",
      help: "Findings: new, or found again.",
      labels: ["patrol", "seen"],
    });
    this.behind = metrics.gauge({
      name: "kadun_patrol_behind_records",
      help: "Stored journal records that the patrol has not looked at.",
      labels: ["patrol"],
    });
  }

  run(patrol: PatrolId, result: RunResult): void {
    this.runs.add(1, { patrol, result });
  }

  took(patrol: PatrolId, seconds: number): void {
    this.seconds.observe(seconds, { patrol });
  }

  found(patrol: PatrolId, { fresh, again }: { readonly fresh: number; readonly again: number }): void {
    this.findings.add(fresh, { patrol, seen: "new" });
    this.findings.add(again, { patrol, seen: "again" });
  }

  behindOf(patrol: PatrolId, records: number): void {
    this.behind.set(records, { patrol });
  }
}
