import type { Metrics } from "../../platform/metrics/metrics.js";
import type { AppliedRows } from "./alerts-sink.js";
import type { SmsStatus } from "./tables.js";

export class AlertsMetrics {
  private readonly outcomes;
  private readonly repeated;
  private readonly alerts;
  private readonly cases;
  private readonly sms;
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
      help: "SMS by what became of them: pending when made, then sent, no-contact or failed; suppressed.",
      labels: ["status"],
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

  made({ alerts, cases, smsPending, smsSuppressed }: AppliedRows): void {
    this.alerts.add(alerts);
    this.cases.add(cases);
    this.sms.add(smsPending, { status: "pending" });
    this.sms.add(smsSuppressed, { status: "suppressed" });
  }

  smsStatus(status: SmsStatus): void {
    this.sms.add(1, { status });
  }

  lagOf(partition: number, records: number): void {
    this.lag.set(records, { partition: String(partition) });
  }

  failed(): void {
    this.failures.add(1);
  }
}
