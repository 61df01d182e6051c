import { expect, test } from "@jest/globals";
import { conditions } from "../../../bench/decide/measured-process.js";
import { type DrainFigures, figuresOf, type Sample } from "../../../bench/end-to-end/drain.js";
import type { Machine } from "../../../bench/end-to-end/machine.js";
import { type CompareOptions, compareOptions } from "../../../bench/end-to-end/options.js";
import { othersCores } from "../../../bench/end-to-end/other-work.js";
import type { PacedFigures } from "../../../bench/end-to-end/paced.js";
import { type Results, reportOf } from "../../../bench/end-to-end/report.js";
import { reportText } from "../../../bench/end-to-end/report-text.js";
import { median, ratioOf, turnOrder } from "../../../bench/end-to-end/rounds.js";

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

test("ratios are formed round by round: a machine that slows down both changes none", () => {
  expect(ratioOf([200, 100, 50], [100, 50, 25])).toEqual({ median: 2, rounds: [2, 2, 2] });
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("whoever begins a round is the last of the next but for those behind", () => {
  expect(turnOrder(["a", "b", "c"], 0)).toEqual(["a", "b", "c"]);
  expect(turnOrder(["a", "b", "c"], 1)).toEqual(["b", "c", "a"]);
  expect(turnOrder(["a", "b", "c"], 3)).toEqual(["a", "b", "c"]);
});

test("a drain counts from the last look without a decision, its steady part from two fifths on", () => {
  const samples = [
    sample(1_000, 0, 5),
    sample(2_000, 0, 6),
    sample(3_000, 300, 8),
    sample(4_000, 500, 9),
    sample(5_000, 1_000, 10),
  ];
  expect(figuresOf(samples, 1_000, 500)).toEqual({
    startUpSeconds: 1.5,
    seconds: 3,
    perSecond: 1_000 / 3,
    perSecondSteady: 500,
    cpuUs: 4_000,
    cpuUsSteady: 2_000,
    brokerCpuUs: 0,
    storeCpuUs: 0,
    residentMbMax: 50,
    othersCores: 0.5,
  });
});

test("work of others is what the machine did and this run did not", () => {
  const before = { atMs: 0, busySeconds: 10, ownSeconds: 4 };
  expect(othersCores(before, { atMs: 2_000, busySeconds: 13, ownSeconds: 5 })).toBe(1);
  expect(othersCores(before, { atMs: 2_000, busySeconds: null, ownSeconds: 5 })).toBeNull();
});

test("aims are judged by the medians of the rounds, against what is best of the Java peers in any setting", () => {
  const report = reportOf({
    ...results(compareOptions(["--rates", "2000", "--rounds", "3"])!),
    drain: new Map([
      ["kadun", [drained(150_000, 7), drained(130_000, 8), drained(140_000, 9)]],
      ["flink", [drained(100_000, 10), drained(100_000, 10), drained(140_000, 10)]],
    ]),
    paced: new Map([
      ["kadun", [[pacedAt(5, 30)], [pacedAt(6, 31)], [pacedAt(7, 32)]]],
      ["flink@2", [[pacedAt(20, 40)], [pacedAt(20, 40)], [pacedAt(20, 40)]]],
      ["kafka-streams@0", [[pacedAt(10, 90)], [pacedAt(10, 90)], [pacedAt(10, 90)]]],
      ["kafka-streams@2", [[pacedAt(12, 60)], [pacedAt(12, 60)], [pacedAt(12, 60)]]],
      ["kafkajs-worker", [[pacedAt(1, 1)], [pacedAt(1, 1)], [pacedAt(1, 1)]]],
      ["floor", [[pacedAt(2, 8)], [pacedAt(2, 8)], [pacedAt(2, 8)]]],
    ]),
  });
  expect(report.base).toBe("kadun");
  expect(report.drain.map(({ engine, ratios }) => [engine, ratios?.perSecond.median])).toEqual([
    ["kadun", undefined],
    ["flink", 1.3],
  ]);
  expect(report.aims.map(({ what, ratio, isMet }) => [what, ratio.median, isMet])).toEqual([
    ["drain, times Flink's rate", 1.3, true],
    ["drain, times Flink's steady rate", 1.3, true],
    ["drain, CPU a swipe of Flink's (steady)", 0.8, false],
    ["2000/s, p50 of the best Java peer's", 0.6, false],
    ["2000/s, p99 of the best Java peer's", 0.775, false],
  ]);
  const text = reportText(report);
  expect(text).toContain("WARNING: other programs kept up to 0.25 processors busy");
  expect(text).toContain("| Flink | 100000 |");
  expect(text).toContain(
    "- drain, times Flink's rate: 1.30 (rounds 1.50, 1.30, 1.00); aim at least 1.2: met",
  );
});

test("without Kadun the first engine is the base, and what was left out is said with the reason", () => {
  const report = reportOf({
    ...results(compareOptions(["--what", "drain"])!),
    skipped: [{ engine: "flink", reason: "no Maven: install mvn" }],
    drain: new Map([["kafkajs-worker", [drained(1, 1)]]]),
  });
  expect(report.base).toBe("kafkajs-worker");
  expect(report.aims).toEqual([]);
  expect(reportText(report)).toContain("not compared: Flink: no Maven: install mvn");
});

test("all ratios stand in one table, of each program in the setting that is best for it", () => {
  const report = reportOf({
    ...results(compareOptions(["--rates", "2000", "--rounds", "1"])!),
    inProcess: inProcess([4, 5, 2]),
    drain: new Map([
      ["kadun", [drained(300_000, 4)]],
      ["flink", [drained(100_000, 16)]],
      ["kafkajs-worker", [drained(30_000, 40)]],
    ]),
    paced: new Map([
      ["kadun", [[pacedAt(5, 30)]]],
      ["flink@0", [[pacedAt(10, 90)]]],
      ["flink@2", [[pacedAt(20, 40)]]],
      ["kafka-streams@0", [[pacedAt(8, 60)]]],
      ["floor", [[pacedAt(1, 2)]]],
    ]),
  });
  const text = reportText(report);
  expect(text.slice(text.lastIndexOf("| beside")).split("\n")).toEqual([
    "| beside | in process: CPU a decision | drain: swipes/s | CPU a swipe | 2000/s: p50 | p99 |",
    "|---|---|---|---|---|---|",
    "| cel-js, in process | 0.25 |  |  |  |  |",
    "| Flink |  | 3.00 | 0.25 | 0.50 | 0.75 |",
    "| worker |  | 10.00 | 0.10 |  |  |",
    "| Kafka Streams |  |  |  | 0.63 | 0.50 |",
  ]);
  expect(text).toContain("| cel-js 8.0.0 |");
});

test("in process alone nothing is said of what was not measured", () => {
  const text = reportText(
    reportOf({
      ...results(compareOptions(["--what", "in-process"])!),
      inProcess: inProcess([3]),
      checkedHash: null,
    }),
  );
  expect(text).not.toContain("before any timing");
  expect(text).toContain("| cel-js, in process | 0.33 |  |  |");
});

function inProcess(rounds: readonly number[]): Results["inProcess"] {
  return {
    ...{ persons: 1, events: 1, rounds: rounds.length },
    ...conditions(),
    peers: [
      {
        ...{ peer: "cel-js", title: "cel-js", version: "8.0.0" },
        ...{ decisionsPerSecond: 1, nsCpu: 1, p50Us: 1, p99Us: 1, rssMb: 1 },
        timesKadun: { median: median(rounds), rounds },
      },
    ],
    skipped: [],
  };
}

function results(options: CompareOptions): Results {
  return {
    machine: MACHINE,
    options,
    broker: "one node",
    titles: {
      kadun: "Kadun",
      flink: "Flink",
      "kafka-streams": "Kafka Streams",
      "kafkajs-worker": "worker",
      floor: "no engine",
    },
    configurations: { kadun: "two processes" },
    skipped: [],
    inProcess: null,
    checkedHash: "0123456789abcdef0123",
    drainHash: null,
    drain: new Map(),
    paced: new Map(),
  };
}

function sample(atMs: number, decisions: number, cpuSeconds: number): Sample {
  const idle = { cpuSeconds: 0, residentMb: 0 };
  return {
    atMs,
    work: { atMs, busySeconds: cpuSeconds + (1.5 * atMs) / 1000, ownSeconds: cpuSeconds + atMs / 1000 },
    decisions,
    engine: { cpuSeconds, residentMb: 10 * (atMs / 1000) },
    broker: idle,
    store: idle,
  };
}

function drained(perSecond: number, cpuUs: number): DrainFigures {
  return {
    startUpSeconds: 1,
    seconds: 1,
    perSecond,
    perSecondSteady: perSecond,
    cpuUs,
    cpuUsSteady: cpuUs,
    brokerCpuUs: 1,
    storeCpuUs: 1,
    residentMbMax: 1,
    othersCores: null,
    gcPauses: null,
  };
}

function pacedAt(p50Ms: number, p99Ms: number): PacedFigures {
  const quantiles = { count: 1, meanMs: p50Ms, p50Ms, p99Ms, p999Ms: p99Ms, maxMs: p99Ms };
  return {
    rate: 2_000,
    latency: quantiles,
    unanswered: 0,
    sendDelay: quantiles,
    cpuUs: 1,
    brokerCpuUs: 1,
    residentMb: 1,
    othersCores: 0.25,
    gcLongestMs: null,
  };
}
