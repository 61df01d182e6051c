/** Engines as processes: small Node programs stand in for them. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Engine, Job } from "../../../bench/end-to-end/engine.js";
import { EngineRun } from "../../../bench/end-to-end/engine-run.js";
import { ENGINES } from "../../../bench/end-to-end/engines/engines.js";
import { javaPauses } from "../../../bench/end-to-end/gc-pauses.js";

let job: Job;

beforeEach(() => {
  job = {
    brokers: "127.0.0.1:9",
    input: "in",
    cardStatus: "states",
    output: "out",
    group: "group-1",
    redisUrl: "redis://127.0.0.1:9",
    folder: mkdtempSync(join(tmpdir(), "engine-run-")),
    persons: 10,
    purpose: "drain",
    peerLingerMs: 0,
  };
});

afterEach(() => {
  rmSync(job.folder, { recursive: true, force: true });
});

function engineOf(...sources: readonly string[]): Engine {
  return {
    name: "kadun",
    title: "Stand-in",
    runsOnJava: false,
    configuration: "",
    prepare: async () => null,
    programs: ({ folder }) =>
      sources.map((source, index) => ({
        command: process.execPath,
        arguments: ["-e", source],
        environment: { GC: join(folder, `gc-${index}.json`) },
        gcLog: { kind: "node", path: join(folder, `gc-${index}.json`) },
      })),
    ownTopics: () => [],
  };
}

const WAITS = `
  process.on("SIGTERM", () => {
    const pauses = { count: 2, totalMs: 3, longestMs: 2 };
    require("node:fs").writeFileSync(process.env.GC, JSON.stringify(pauses));
    process.exit(0);
  });
  require("node:fs").writeFileSync(process.env.GC + ".ready", "");
  setInterval(() => {}, 1000);
`;

test("all processes are asked to end, and say how long their collectors paused", async () => {
  const run = EngineRun.start(engineOf(WAITS, WAITS), job);
  await until(() => [0, 1].every((index) => existsSync(join(job.folder, `gc-${index}.json.ready`))));
  expect(run.usage().residentMb).toBeGreaterThan(10);
  expect(await run.stop()).toEqual({ count: 4, totalMs: 6, longestMs: 2 });
  expect(run.usage()).toEqual({ cpuSeconds: 0, residentMb: 0 });
});

test("a process that ends by itself is a failure with what it said", async () => {
  const run = EngineRun.start(engineOf('console.error("no such topic"); process.exit(3);', WAITS), job);
  await expect(run.failure).rejects.toThrow("Stand-in ended with 3:\nno such topic");
  expect(await run.stop()).toBeNull();
});

test.each(Object.values(ENGINES))("$name is told broker, topics and group", (engine) => {
  const programs = engine.programs(job);
  expect(programs.length).toBeGreaterThan(0);
  for (const { arguments: args } of programs) {
    const told = Object.fromEntries(
      args.flatMap((each, at) => (each.startsWith("--") ? [[each.slice(2), args[at + 1]]] : [])),
    );
    expect(told).toMatchObject({
      brokers: "127.0.0.1:9",
      input: "in",
      "card-status": "states",
      output: "out",
      group: "group-1",
    });
  }
});

test("the collector of a Java machine: its pauses alone are counted", () => {
  const log = `[0.011s][info][gc] Using G1
[1.204s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 101M->3M(2048M) 3.204ms
[2.000s][info][gc] GC(1) Concurrent Mark Cycle 44.100ms
[2.500s][info][gc] GC(1) Pause Remark 40M->40M(2048M) 5.5ms
`;
  expect(javaPauses(log)).toEqual({ count: 2, totalMs: 8.704, longestMs: 5.5 });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}
