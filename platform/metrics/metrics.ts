/**
 * Port: counters, gauges and histograms. Names are `kadun_<service>_<what>_<unit>`; label values come from a fixed
 * set (actions, rule ids, partitions, networks), never from a message.
 */

export interface Counter {
  add(amount: number, labels?: Readonly<Record<string, string>>): void;
}

export interface Gauge {
  set(value: number, labels?: Readonly<Record<string, string>>): void;
}

export interface Histogram {
  observe(value: number, labels?: Readonly<Record<string, string>>): void;
}

export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

export interface Metrics {
  counter(options: MetricOptions): Counter;
  gauge(options: MetricOptions): Gauge;
  histogram(options: MetricOptions & { readonly buckets: readonly number[] }): Histogram;
}

const nothing = { add: () => {}, set: () => {}, observe: () => {} };

export const noMetrics: Metrics = { counter: () => nothing, gauge: () => nothing, histogram: () => nothing };
