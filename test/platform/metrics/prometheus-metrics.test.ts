import { expect, test } from "@jest/globals";
import { PrometheusMetrics } from "../../../platform/metrics/prometheus/prometheus-metrics.js";

test("counters, gauges and histograms are in the text, with their labels", async () => {
  const metrics = new PrometheusMetrics();
  metrics
    .counter({ name: "kadun_test_things_total", help: "Things", labels: ["kind"] })
    .add(2, { kind: "a" });
  metrics.gauge({ name: "kadun_test_level_bytes", help: "Level" }).set(7);
  metrics.histogram({ name: "kadun_test_wait_seconds", help: "Wait", buckets: [1] }).observe(0.5);
  const text = await metrics.text();
  expect(text).toContain('kadun_test_things_total{kind="a"} 2');
  expect(text).toContain("kadun_test_level_bytes 7");
  expect(text).toContain('kadun_test_wait_seconds_bucket{le="1"} 1');
});

test("a metric asked for again is the same one", async () => {
  const metrics = new PrometheusMetrics();
  for (let i = 0; i < 3; i++) metrics.counter({ name: "kadun_test_things_total", help: "Things" }).add(1);
  expect(await metrics.text()).toContain("kadun_test_things_total 3");
});

test("a counter goes on from one scrape to the next, and never down", async () => {
  const metrics = new PrometheusMetrics();
  const counter = metrics.counter({ name: "kadun_test_things_total", help: "Things", labels: ["kind"] });
  counter.add(2, { kind: "a" });
  expect(await metrics.text()).toContain('kadun_test_things_total{kind="a"} 2');
  counter.add(1, { kind: "a" });
  counter.add(0, { kind: "b" });
  const text = await metrics.text();
  expect(text).toContain('kadun_test_things_total{kind="a"} 3');
  expect(text).toContain('kadun_test_things_total{kind="b"} 0');
  expect(() => counter.add(-1, { kind: "a" })).toThrow(RangeError);
});

test("a name that is not of the family is refused", () => {
  expect(() => new PrometheusMetrics().counter({ name: "things", help: "Things" })).toThrow(
    /expected a name such as/,
  );
});

test("values of a label without end go together", async () => {
  const metrics = new PrometheusMetrics();
  const counter = metrics.counter({ name: "kadun_test_things_total", help: "Things", labels: ["kind"] });
  for (let i = 0; i < 1000; i++) counter.add(1, { kind: String(i) });
  const lines = (await metrics.text())
    .split("\n")
    .filter((line) => line.startsWith("kadun_test_things_total"));
  expect(lines.length).toBe(501);
  expect(lines).toContain('kadun_test_things_total{kind="other"} 500');
});

test("the process itself is measured: event loop, garbage collection, memory", async () => {
  const text = await new PrometheusMetrics().text();
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  expect(text).toContain("# TYPE nodejs_gc_duration_seconds histogram");
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
});

test("two in one process do not mix, and each says what kind of text it gives", async () => {
  const one = new PrometheusMetrics();
  one.counter({ name: "kadun_test_things_total", help: "Things" }).add(1);
  expect(await new PrometheusMetrics().text()).not.toContain("kadun_test_things_total");
  expect(one.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});

test("a name asked for again as something else is refused", () => {
  const metrics = new PrometheusMetrics();
  metrics.counter({ name: "kadun_test_things_total", help: "Things" });
  expect(() => metrics.gauge({ name: "kadun_test_things_total", help: "Things" })).toThrow(/as a counter/);
  expect(() =>
    metrics.counter({ name: "kadun_test_things_total", help: "Things", labels: ["kind"] }),
  ).toThrow(/as a counter of \(\) before/);
});

test("a label of an odd name is refused", () => {
  expect(() =>
    new PrometheusMetrics().counter({ name: "kadun_test_things_total", help: "Things", labels: ["Person"] }),
  ).toThrow(/label 'Person'/);
});
