/**
 * Paced: swipes come when they are due, whatever became of those before (open loop); a latency counts from when its swipe
 * was due to when the observer has received the decision. Generator and observer are not in an engine's process
 * (load-driver.ts).
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Quantiles } from "../pipeline/latency-histogram.js";
import type { Engine } from "./engine.js";
import { EngineRun } from "./engine-run.js";
import type { GcPauses } from "./gc-pauses.js";
import { type Load, machineMs, type Observed, type Sent } from "./load.js";
import type { LoadDriver, LoadDrivers } from "./load-driver.js";
import { othersCores, type WorkDone, workDone } from "./other-work.js";
import { type TreeUsage, treeUsage } from "./process-tree.js";
import { type World, withJob } from "./world.js";

export interface PacedOptions {
  readonly rates: readonly number[];
  readonly warmUps: WarmUps;
  /** Measured, of each rate. */
  readonly seconds: number;
  readonly seed: number;
  /** Generators and observers. */
  readonly drivers: LoadDrivers;
  /** Of a Java peer. */
  readonly peerLingerMs?: number;
}

/** At the same rate, not measured. */
export interface WarmUps {
  /** At the first rate, when the engine is new. */
  readonly firstSeconds: number;
  /** At each other one. */
  readonly seconds: number;
}

export interface PacedFigures {
  readonly rate: number;
  readonly latency: Quantiles;
  readonly unanswered: number;
  /** The generator's own share. */
  readonly sendDelay: Quantiles;
  /** Processor time a swipe, of the measured seconds. */
  readonly cpuUs: number;
  readonly brokerCpuUs: number;
  readonly residentMb: number;
  /** Processors that other programs kept busy meanwhile; null where the system does not say. */
  readonly othersCores: number | null;
  /** Of the processes' whole lives, at all rates; null where an engine does not say. */
  readonly gcLongestMs: number | null;
}

/** So many swipes show that an engine is up: all partitions have some of them. */
const FIRST_LOAD = { ratePerSecond: 200, warmUpSeconds: 0, seconds: 2, patienceMs: 120_000 };
const PATIENCE_MS = 10_000;
const NOTHING: TreeUsage = { cpuSeconds: 0, residentMb: 0 };
/** Generator and observer have the message by then. */
const START_IN_MS = 100;

/** Latencies of an engine at each rate, one rate after another. @throws Error where the engine or a child ends. */
export async function paced(
  world: World,
  engine: Engine,
  options: PacedOptions,
): Promise<readonly PacedFigures[]> {
  const { peerLingerMs = 0 } = options;
  const input = `paced-${engine.name}-${Math.trunc(machineMs())}`;
  await world.broker.create([input]);
  try {
    return await withJob(world, engine, { input, purpose: "paced", peerLingerMs }, async (job) => {
      const run = EngineRun.start(engine, job);
      const topics = { input, output: job.output };
      let figures: readonly PacedFigures[];
      let gcPauses: GcPauses | null = null;
      try {
        figures = await Promise.race([loads(world, () => run.usage(), topics, options), run.failure]);
      } finally {
        gcPauses = await run.stop();
      }
      return figures.map((each) => ({ ...each, gcLongestMs: gcPauses?.longestMs ?? null }));
    });
  } finally {
    await world.broker.delete([input]);
  }
}

/** The floor: generator → broker → observer, no engine between them. */
export async function pacedFloor(world: World, options: PacedOptions): Promise<readonly PacedFigures[]> {
  const topic = `paced-floor-${Math.trunc(machineMs())}`;
  await world.broker.create([topic]);
  try {
    return await loads(world, () => NOTHING, { input: topic, output: topic }, options);
  } finally {
    await world.broker.delete([topic]);
  }
}

async function loads(
  world: World,
  usage: () => TreeUsage,
  { input, output }: { readonly input: string; readonly output: string },
  { rates, warmUps, seconds, seed, drivers }: PacedOptions,
): Promise<readonly PacedFigures[]> {
  const { brokers } = world.broker;
  const driver = await drivers.start({ brokers, input, output, persons: world.persons, seed });
  try {
    const measure = measuring(world, usage, driver);
    const { observed } = await measure({ ...FIRST_LOAD, number: 0, seed });
    if (observed.unanswered > 0)
      throw new Error(`${observed.unanswered} of the first ${observed.count} swipes had no decision`);
    const figures: PacedFigures[] = [];
    for (const [index, rate] of rates.entries()) {
      const warmUpSeconds = index === 0 ? warmUps.firstSeconds : warmUps.seconds;
      const times = { ratePerSecond: rate, warmUpSeconds, seconds, patienceMs: PATIENCE_MS };
      figures.push(figuresOf(rate, seconds, await measure({ ...times, number: index + 1, seed })));
    }
    return figures;
  } finally {
    await driver.close();
  }
}

interface Usages {
  readonly engine: TreeUsage;
  readonly broker: TreeUsage;
  readonly work: WorkDone;
}

interface Measured {
  readonly sent: Sent;
  readonly observed: Observed;
  readonly before: Usages;
  readonly after: Usages;
}

/** One load; usage is read when its measured seconds begin and when they end. */
function measuring(
  world: World,
  usage: () => TreeUsage,
  driver: LoadDriver,
): (load: Load) => Promise<Measured> {
  const usages = () => ({ engine: usage(), broker: treeUsage([world.brokerPid]), work: workDone(world) });
  return async (load) => {
    await driver.prepare(load);
    const startMs = machineMs() + START_IN_MS;
    const usagesAt = async (seconds: number) => {
      await sleep(startMs + seconds * 1000 - machineMs());
      return usages();
    };
    const [{ sent, observed }, before, after] = await Promise.all([
      driver.run(startMs),
      usagesAt(load.warmUpSeconds),
      usagesAt(load.warmUpSeconds + load.seconds),
    ]);
    return { sent, observed, before, after };
  };
}

function figuresOf(rate: number, seconds: number, { sent, observed, before, after }: Measured): PacedFigures {
  const cpuUs = (part: "engine" | "broker") =>
    ((after[part].cpuSeconds - before[part].cpuSeconds) / (rate * seconds)) * 1e6;
  return {
    rate,
    latency: observed.latency,
    unanswered: observed.unanswered,
    sendDelay: sent.delay,
    cpuUs: cpuUs("engine"),
    brokerCpuUs: cpuUs("broker"),
    residentMb: after.engine.residentMb,
    othersCores: othersCores(before.work, after.work),
    gcLongestMs: null,
  };
}
