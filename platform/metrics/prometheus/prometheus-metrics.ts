/** Metrics on prom-client: one registry per process, scraped as text. */

import * as prometheus from "prom-client";
import type { Counter, Gauge, Histogram, MetricOptions, Metrics } from "../metrics.js";

/** `kadun_<service>_<what>_<unit>` */
const NAME_PATTERN = /^kadun_[a-z]+(_[a-z0-9]+)+$/;
/** A label is one of a fixed set; beyond so many combinations something from a message got in. */
const SERIES_MAX = 500;
const OTHER = "other";

export class PrometheusMetrics implements Metrics {
  private readonly registry = new prometheus.Registry();
  private readonly made = new Map<string, unknown>();

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
    return this.once(options, (settings) => {
      const counter = new prometheus.Counter(settings);
      const bounded = boundedLabels(options);
      return { add: (amount, labels) => counter.inc(bounded(labels), amount) };
    });
  }

  gauge(options: MetricOptions): Gauge {
    return this.once(options, (settings) => {
      const gauge = new prometheus.Gauge(settings);
      const bounded = boundedLabels(options);
      return { set: (value, labels) => gauge.set(bounded(labels), value) };
    });
  }

  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram {
    return this.once(options, (settings) => {
      const histogram = new prometheus.Histogram({ ...settings, buckets: [...options.buckets] });
      const bounded = boundedLabels(options);
      return { observe: (value, labels) => histogram.observe(bounded(labels), value) };
    });
  }

  /** Asked for again (by another partition), a metric is the same one. */
  private once<Made>(options: MetricOptions, make: (settings: Settings) => Made): Made {
    const known = this.made.get(options.name);
    if (known !== undefined) return known as Made;
    if (!NAME_PATTERN.test(options.name))
      throw new RangeError(`metric '${options.name}': expected a name such as kadun_detector_records_total`);
    const settings = { ...options, labelNames: [...(options.labels ?? [])], registers: [this.registry] };
    const { labels: _labels, ...rest } = settings;
    const made = make(rest);
    this.made.set(options.name, made);
    return made;
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
