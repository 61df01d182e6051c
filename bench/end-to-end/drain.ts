/**
 * Drain: the swipes lie in the topic already; from the first decision that can be read to the last one.
 *
 * Where the output ends is asked of the broker, ten times a second: nothing consumes while an engine works. An engine's
 * start (and that of its Java machine) lies before the first decision and is told apart.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, Job } from "./engine.js";
import { EngineRun } from "./engine-run.js";
import type { GcPauses } from "./gc-pauses.js";
import { othersCores, type WorkDone, workDone } from "./other-work.js";
import { type TreeUsage, treeUsage } from "./process-tree.js";
import type { World } from "./world.js";

const POLL_MS = 100;
/** A machine that does other work starts Flink within a minute. */
const FIRST_WITHIN_MS = 120_000;
/** Longer than any checkpoint or rebalance that was seen. */
const STALLED_MS = 60_000;
/** Steady: from here to the end. compilers work most before it. */
const STEADY_FROM = 0.4;
/** Transactions write markers that count as records: the end is where nothing more comes for so long. */
const QUIET_MS = 1_500;

export interface DrainFigures {
  /** From the start of the processes to the first decision. */
  readonly startUpSeconds: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly perSecondSteady: number;
  /** Processor time of the engine's processes, their children and threads. */
  readonly cpuUs: number;
  readonly cpuUsSteady: number;
  readonly brokerCpuUs: number;
  /** Of Redis, which only Kadun uses. */
  readonly storeCpuUs: number;
  readonly residentMbMax: number;
  /** Processors that other programs kept busy meanwhile; null where the system does not say. */
  readonly othersCores: number | null;
  /** Of the processes' whole lives; null where an engine does not say. */
  readonly gcPauses: GcPauses | null;
}

export interface Sample {
  readonly atMs: number;
  readonly work: WorkDone;
  readonly decisions: number;
  readonly engine: TreeUsage;
  readonly broker: TreeUsage;
  readonly store: TreeUsage;
}

/** @throws Error where the engine ends, or gets no further. */
export async function drain(world: World, engine: Engine, job: Job, events: number): Promise<DrainFigures> {
  const startedMs = performance.now();
  const run = EngineRun.start(engine, job);
  let samples: readonly Sample[];
  let gcPauses: GcPauses | null = null;
  try {
    samples = await Promise.race([sampled(world, engine, run, job, events), run.failure]);
  } finally {
    gcPauses = await run.stop();
  }
  return { ...figuresOf(samples, events, startedMs), gcPauses };
}

async function sampled(
  world: World,
  engine: Engine,
  run: EngineRun,
  job: Job,
  events: number,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  let changedMs = startedMs;
  const quietMs = engine.name === "kafka-streams-exactly-once" ? QUIET_MS : 0;
  for (;;) {
    const decisions = await world.broker.recordCount(job.output);
    const atMs = performance.now();
    const isChanged = decisions !== (samples.at(-1)?.decisions ?? 0);
    if (isChanged) changedMs = atMs;
    if (isChanged || decisions === 0) {
      samples.push({
        atMs,
        work: workDone(world),
        decisions,
        engine: run.usage(),
        broker: treeUsage([world.brokerPid]),
        store: treeUsage([world.redisPid]),
      });
    }
    if (decisions >= events && atMs - changedMs >= quietMs) return samples;
    const patienceMs = decisions === 0 ? FIRST_WITHIN_MS : STALLED_MS;
    if (atMs - changedMs > patienceMs)
      throw new Error(
        `${engine.title}: ${decisions} decisions of ${events} after ${Math.round((atMs - startedMs) / 1000)} s, and none came for ${patienceMs / 1000} s`,
      );
    await sleep(POLL_MS);
  }
}

/** @param samples in order, the first without a decision and the last with all of them. */
export function figuresOf(
  samples: readonly Sample[],
  events: number,
  startedMs: number,
): Omit<DrainFigures, "gcPauses"> {
  const end = samples.at(-1)!;
  // Not one of the first decisions is seen alone: the clock begins at the last look that found none.
  const begin = samples.findLast(({ decisions }) => decisions === 0) ?? samples[0]!;
  const steady = samples.find(({ decisions }) => decisions >= end.decisions * STEADY_FROM)!;
  const seconds = (end.atMs - begin.atMs) / 1000;
  const rest = end.decisions - steady.decisions;
  const restSeconds = (end.atMs - steady.atMs) / 1000;
  const cpuUs = (part: "engine" | "broker" | "store", from: Sample, count: number) =>
    ((end[part].cpuSeconds - from[part].cpuSeconds) / count) * 1e6;
  return {
    startUpSeconds: (begin.atMs - startedMs) / 1000,
    seconds,
    perSecond: events / seconds,
    perSecondSteady: restSeconds > 0 ? rest / restSeconds : events / seconds,
    cpuUs: cpuUs("engine", begin, events),
    cpuUsSteady: rest > 0 ? cpuUs("engine", steady, rest) : cpuUs("engine", begin, events),
    brokerCpuUs: cpuUs("broker", begin, events),
    storeCpuUs: cpuUs("store", begin, events),
    residentMbMax: Math.max(...samples.map(({ engine }) => engine.residentMb)),
    othersCores: othersCores(begin.work, end.work),
  };
}
