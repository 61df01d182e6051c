import type { Metrics } from "../../platform/metrics/metrics.js";
import type { RulesStatus } from "../../schemas/http/rules.js";

export class BundlesMetrics {
  private readonly sequence;
  private readonly missing;
  private readonly alarmed;
  private readonly sends;
  private readonly trips;

  constructor(metrics: Metrics) {
    this.sequence = metrics.gauge({
      name: "kadun_bundles_running_sequence",
      help: "Sequence of the last activation that every partition answered; -1 where none is known.",
    });
    this.missing = metrics.gauge({
      name: "kadun_bundles_missing_partitions",
      help: "Partitions that do not go by the open activation; 0 where none is open.",
    });
    this.alarmed = metrics.gauge({
      name: "kadun_bundles_alarms",
      help: "Alarms about activations that stand now.",
    });
    this.sends = metrics.counter({
      name: "kadun_bundles_sends_total",
      help: "Activations sent to the gateway by what became of them (taken, refused).",
      labels: ["result"],
    });
    this.trips = metrics.counter({
      name: "kadun_bundles_breaker_trips_total",
      help: "Rules that the breaker lowered to review.",
      labels: ["rule"],
    });
  }

  look({ running, open, alarms }: RulesStatus): void {
    this.sequence.set(running?.sequence ?? -1);
    this.missing.set(open === null ? 0 : open.partitions.length - open.answered);
    this.alarmed.set(alarms.length);
  }

  tripped(rule: string): void {
    this.trips.add(1, { rule });
  }

  sent(result: "taken" | "refused"): void {
    this.sends.add(1, { result });
  }
}
