/** What a run beside the sinks says. */

import { expect, test } from "@jest/globals";
import type { Machine } from "../../../bench/end-to-end/machine.js";
import { type Lag, PARTS } from "../../../bench/sinks/kadun.js";
import { type SinksOptions, SinksUsageError, sinksOptions } from "../../../bench/sinks/options.js";
import type { LoadFigures } from "../../../bench/sinks/paced-load.js";
import { reportOf } from "../../../bench/sinks/report.js";
import { reportText } from "../../../bench/sinks/report-text.js";
import { sinkServers } from "../../../bench/sinks/servers.js";
import type { Round } from "../../../bench/sinks/sinks.js";

const MACHINE: Machine = {
  processor: "a processor",
  processors: 2,
  memoryGb: 8,
  system: "linux",
  node: "v20",
  java: null,
  kafka: "4",
  redis: null,
  commit: "abc",
};
const SETTING = { machine: MACHINE, servers: "servers", options: sinksOptions([]) as SinksOptions };
const LAG: Lag = { analyticsRecords: 1_200, alertsRecords: 600, smsPending: 3 };

function load(p99Ms: number, { lag = null, others = 0 }: { lag?: Lag | null; others?: number } = {}) {
  const latency = { count: 1, meanMs: 1, p50Ms: 2, p99Ms, p999Ms: 3 * p99Ms, maxMs: 4 * p99Ms };
  const figures: LoadFigures = {
    sent: { count: 1, delay: { ...latency, p99Ms: 1 } },
    observed: { count: 1, unanswered: 0, latency },
    cpuUs: Object.fromEntries(PARTS.map((part) => [part, 5])) as LoadFigures["cpuUs"],
    residentMb: Object.fromEntries(PARTS.map((part) => [part, 5])) as LoadFigures["residentMb"],
    othersCores: others,
    lag,
    endMs: 0,
  };
  return figures;
}

function round(without: number, beside: number): Round {
  const caughtUp = { seconds: 7, sinkCpuUs: 80, outcomeRows: 1_012, alerts: 6, sms: 14 };
  return { without: load(without), with: load(beside, { lag: LAG }), caughtUp };
}

test("the ratio is the median of the rounds', whatever the machine did in one of them", () => {
  const report = reportOf(SETTING, {
    rounds: [round(10, 12), round(100, 120), round(10, 30)],
    findings: [],
  });
  expect(report.ratios.p99).toEqual({ median: 1.2, rounds: [1.2, 1.2, 3] });
  expect(report.aim).toEqual({ p99RatioMax: 1.3, isMet: true });
  expect(report.sides.without).toMatchObject({ p99Ms: 10, maxMs: 400 });
  expect(report.sides.with).toMatchObject({ p99Ms: 30, p50Ms: 2 });
});

test("an aim that is missed and what is wrong are said, with how far the sinks were behind", () => {
  const text = reportText(reportOf(SETTING, { rounds: [round(10, 20)], findings: ["3 SMS are queued"] }));
  expect(text).toContain("p99 with sinks 2.00 × without (rounds 2.00); aim at most 1.3: missed");
  expect(text).toContain("WRONG: 3 SMS are queued");
  expect(text).toContain("| 1 | 10.0 | 20.0 | 1200 | 600 | 7.0 | 80.0 | 1012 | 6 | 14 |");
  expect(text).not.toContain("WARNING");
});

test("on a machine that was busy the report begins with it", () => {
  const busy = { ...round(10, 10), with: load(10, { others: 0.8, lag: LAG }) };
  expect(reportText(reportOf(SETTING, { rounds: [busy], findings: [] }))).toContain("up to 0.80 processors");
});

test("arguments are checked and named", () => {
  expect(sinksOptions([])).toEqual({
    ratePerSecond: 10_000,
    seconds: 12,
    rounds: 3,
    persons: 100_000,
    seed: 12_345,
    catchUpSeconds: 300,
    standing: "idle",
    quotaPercent: 25,
    json: false,
  });
  expect(sinksOptions(["--help"])).toBeNull();
  expect(() => sinksOptions(["--rate", "99"])).toThrow(
    "--rate '99': expected a whole number from 100 to 200000",
  );
  expect(sinksOptions(["--standing", "tenth"])).toMatchObject({ standing: "tenth", quotaPercent: null });
  expect(sinksOptions(["--quota", "0"])).toMatchObject({ standing: "idle", quotaPercent: null });
  expect(sinksOptions(["--quota", "150"])).toMatchObject({ standing: "idle", quotaPercent: 150 });
  expect(() => sinksOptions(["--quota", "a quarter"])).toThrow(
    "--quota 'a quarter': expected a whole number",
  );
  expect(() => sinksOptions(["--quota", "25", "--standing", "same"])).toThrow(
    "--quota 25: expected with --standing idle, whose control group it limits",
  );
  expect(() => sinksOptions(["--standing", "low"])).toThrow(
    "--standing 'low': expected one of same, tenth, idle",
  );
  expect(() => sinksOptions(["--slow"])).toThrow(SinksUsageError);
});

test("servers are named by one variable", () => {
  const pids = { broker: 1, redis: 2, postgres: 3, clickhouse: null };
  const servers = { environment: { KADUN_REDIS_URL: "redis://r" }, pids, description: "these" };
  expect(sinkServers({})).toBeNull();
  expect(sinkServers({ KADUN_BENCH_SINK_SERVERS: JSON.stringify(servers) })).toEqual(servers);
  expect(() => sinkServers({ KADUN_BENCH_SINK_SERVERS: "{}" })).toThrow(
    "KADUN_BENCH_SINK_SERVERS: expected JSON with environment, pids, description",
  );
});
