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
      const counter = new prometheus.Counter(settings);
      const bounded = boundedLabels(options);
      return { add: (amount, labels) => counter.inc(bounded(labels), amount) };
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
