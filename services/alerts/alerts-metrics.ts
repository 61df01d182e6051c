import type { Metrics } from "../../platform/metrics/metrics.js";
import type { AppliedRows } from "./alerts-sink.js";
import type { SmsCounts } from "./sms/sms-counts.js";
import type { SmsStatus } from "./sms/sms-state.js";

export class AlertsMetrics {
  private readonly outcomes;
  private readonly repeated;
  private readonly alerts;
  private readonly cases;
  private readonly sms;
  private readonly smsOpen;
  private readonly calls;
  private readonly lag;
  private readonly failures;

  constructor(metrics: Metrics) {
    this.outcomes = metrics.counter({
      name: "kadun_alerts_outcomes_total",
      help: "Outcomes applied to the database of alerts.",
    });
    this.repeated = metrics.counter({
      name: "kadun_alerts_outcomes_repeated_total",
      help: "Outcomes dropped because they had been applied before.",
    });
    this.alerts = metrics.counter({ name: "kadun_alerts_alerts_total", help: "Alerts made." });
    this.cases = metrics.counter({ name: "kadun_alerts_cases_total", help: "Cases opened." });
    this.sms = metrics.counter({
      name: "kadun_alerts_sms_total",
      help: "SMS by what became of them: queued or suppressed when made, then what docs/sms.md says.",
      labels: ["status"],
    });
    this.smsOpen = metrics.gauge({
      name: "kadun_alerts_sms_open",
      help: "SMS of the ledger that are not settled: queued, waiting (quiet hours), unknown, to-resolve (unknown, and only a person can tell). Counted up to 10000.",
      labels: ["state"],
    });
    this.calls = metrics.gauge({
      name: "kadun_alerts_sms_calls",
      help: "Persons to be phoned, because SMS did not arrive.",
    });
    this.lag = metrics.gauge({
      name: "kadun_alerts_lag_records",
      help: "Records of kadun.decisions not read yet.",
      labels: ["partition"],
    });
    this.failures = metrics.counter({
      name: "kadun_alerts_consumer_failures_total",
      help: "Times a consumer stopped and was started again.",
    });
  }

  batch(applied: number, dropped: number): void {
    this.outcomes.add(applied);
    this.repeated.add(dropped);
  }

  made({ alerts, cases, smsQueued, smsSuppressed }: AppliedRows): void {
    this.alerts.add(alerts);
    this.cases.add(cases);
    this.sms.add(smsQueued, { status: "queued" });
    this.sms.add(smsSuppressed, { status: "suppressed" });
  }

  smsStatus(status: SmsStatus): void {
    this.sms.add(1, { status });
  }

  smsCounts({ calls, ...open }: SmsCounts): void {
    this.smsOpen.set(open.queued, { state: "queued" });
    this.smsOpen.set(open.waiting, { state: "waiting" });
    this.smsOpen.set(open.unknown, { state: "unknown" });
    this.smsOpen.set(open.toResolve, { state: "to-resolve" });
    this.calls.set(calls);
  }

  lagOf(partition: number, records: number): void {
    this.lag.set(records, { partition: String(partition) });
  }

  failed(): void {
    this.failures.add(1);
  }
}
