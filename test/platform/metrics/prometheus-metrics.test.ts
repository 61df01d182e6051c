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
