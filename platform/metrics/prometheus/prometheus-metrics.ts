/** Metrics on prom-client: one registry per process, scraped as text. */

import * as prometheus from "prom-client";
import type { Counter, Gauge, Histogram, MetricOptions, Metrics } from "../metrics.js";

/** `kadun_<service>_<what>_<unit>` */
const NAME_PATTERN = /^kadun_[a-z]+(_[a-z0-9]+)+$/;
/** A label is one of a fixed set; beyond so many combinations something from a message got in. */
const SERIES_MAX = 500;
const OTHER = "other";
const LABEL_PATTERN = /^[a-z]+(_[a-z0-9]+)*$/;
type Kind = "counter" | "gauge" | "histogram";

export class PrometheusMetrics implements Metrics {
  private readonly registry = new prometheus.Registry();
  private readonly made = new Map<
    string,
    { readonly kind: Kind; readonly labels: string; readonly metric: unknown }
  >();

  constructor() {
    prometheus.collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  counter(options: MetricOptions): Counter {
    return this.once("counter", options, (settings) => {
      const counted = new Counted();
      // Looking a series up costs the library as much as judging a swipe: it is told when somebody asks.
      new prometheus.Counter({
        ...settings,
        collect() {
          counted.tell((labels, amount) => this.inc(labels, amount));
        },
      });
      const bounded = boundedLabels(options);
      return { add: (amount, labels) => counted.add(bounded(labels), amount) };
    });
  }

  gauge(options: MetricOptions): Gauge {
    return this.once("gauge", options, (settings) => {
      const gauge = new prometheus.Gauge(settings);
      const bounded = boundedLabels(options);
      return { set: (value, labels) => gauge.set(bounded(labels), value) };
    });
  }

  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram {
    return this.once("histogram", options, (settings) => {
      const histogram = new prometheus.Histogram({ ...settings, buckets: [...options.buckets] });
      const bounded = boundedLabels(options);
      return { observe: (value, labels) => histogram.observe(bounded(labels), value) };
    });
  }

  /** Asked for again (by another partition), a metric is the same one. */
  private once<Made>(kind: Kind, options: MetricOptions, make: (settings: Settings) => Made): Made {
    const { name, help, labels: labelNames = [] } = options;
    const labels = labelNames.join();
    const known = this.made.get(name);
    if (known !== undefined) {
      if (known.kind !== kind || known.labels !== labels)
        throw new RangeError(`metric '${name}': asked for as a ${known.kind} of (${known.labels}) before`);
      return known.metric as Made;
    }
    if (!NAME_PATTERN.test(name))
      throw new RangeError(`metric '${name}': expected a name such as kadun_detector_records_total`);
    const wrong = labelNames.find((label) => !LABEL_PATTERN.test(label));
    if (wrong !== undefined)
      throw new RangeError(`metric '${name}', label '${wrong}': expected a name such as partition`);
    const metric = make({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    this.made.set(name, { kind, labels, metric });
    return metric;
  }
}

/** What was added since it was told last, by series: `boundedLabels` gives a series the same object every time. */
class Counted {
  private readonly amounts = new Map<Record<string, string>, number>();

  /** @throws RangeError. */
  add(labels: Record<string, string>, amount: number): void {
    if (!(amount >= 0)) throw new RangeError(`a counter cannot go by ${amount}: it only goes up`);
    this.amounts.set(labels, (this.amounts.get(labels) ?? 0) + amount);
  }

  tell(told: (labels: Record<string, string>, amount: number) => void): void {
    for (const [labels, amount] of this.amounts) told(labels, amount);
    this.amounts.clear();
  }
}

interface Settings {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: prometheus.Registry[];
}

type Labels = Readonly<Record<string, string>>;

/** What would be one series too many goes together under `other`. */
function boundedLabels({ labels: names = [] }: MetricOptions): (labels?: Labels) => Record<string, string> {
  const seen = new Map<string, Record<string, string>>();
  const others = Object.fromEntries(names.map((name) => [name, OTHER]));
  return (labels = {}) => {
    const key = names.map((name) => labels[name]).join("\n");
    const known = seen.get(key);
    if (known !== undefined) return known;
    if (seen.size >= SERIES_MAX) return others;
    const kept = { ...labels };
    seen.set(key, kept);
    return kept;
  };
}
