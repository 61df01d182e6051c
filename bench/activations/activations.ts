/** Bundles change under load: what that costs those who wait, and whether every decision is what the journal gives. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loadBundle } from "../../cli/bundle-files.js";
import { readUsage } from "../pipeline/process-usage.js";
import { plannedActivations } from "./bundles.js";
import { startDistributed } from "./distributed-target.js";
import { type OfficeMeanwhile, startEmbedded } from "./embedded-target.js";
import { type LatencyFigures, latencyFigures } from "./latency-figures.js";
import { Load } from "./load.js";
import type { LoadDone } from "./load-messages.js";
import type { Profile, Target } from "./target.js";
import { type Verdict, verdictOf } from "./verdict.js";
import { Activator, WINDOW_MS, type WindowPair } from "./windows.js";

export interface ActivationsOptions {
  readonly profile: Profile;
  /** Of an embedded Kadun. */
  readonly office: OfficeMeanwhile;
  readonly seconds: number;
  readonly swipesPerSecond: number;
  readonly authorizationsPerSecond: number;
  readonly persons: number;
  readonly seed: number;
}

export interface ActivationsReport extends ActivationsOptions {
  readonly node: string;
  readonly hardware: string;
  readonly partitions: number;
  /** Swipes a second that were to be; `swipesPerSecond` were accepted. */
  readonly asked: number;
  readonly load: Omit<LoadDone, "latencies">;
  readonly latency: LatencyFigures;
  /** Processor time of each process, over all swipes; null where the kernel does not say. */
  readonly cpuUsPerSwipe: Readonly<Record<string, number | null>>;
  readonly pairs: readonly WindowPair[];
  readonly verdict: Verdict;
}

/** Code is compiled, connections are open. */
const WARM_UP_MS = 8_000;
/** Behind each activation: its partitions' answers, and what it left in the queues. */
const PAUSE_MS = 1_500;
export const SECONDS_MIN = 40;

export async function measureActivations(
  options: ActivationsOptions,
  progress: (text: string) => void,
): Promise<ActivationsReport> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-activations-load-"));
  const load = await Load.start(options);
  let target: Target | null = null;
  try {
    target =
      options.profile === "embedded"
        ? await startEmbedded(options.office)
        : await startDistributed(process.env);
    return await measure(options, { target, load, acceptedPath: join(folder, "accepted") }, progress);
  } finally {
    await load.close();
    await target?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  options: ActivationsOptions,
  { target, load, acceptedPath }: { target: Target; load: Load; acceptedPath: string },
  progress: (text: string) => void,
): Promise<ActivationsReport> {
  const { url, apiKey, partitions } = target;
  const { swipesPerSecond: asked } = options;
  const cpuBefore = cpuSecondsOf(target);
  load.begin({ ...options, url, apiKey, acceptedPath });
  await load.started;
  const pairs = await Promise.race([activateAll(target, progress), failed(load)]);
  const { latencies, ...done } = await load.done;
  const { authorizations, bulk } = done;
  const swipesPerSecond = Math.round((authorizations.answered + bulk.accepted) / done.seconds);
  progress("everything is judged, then compared with the journal");
  await target.judged();
  const cpuAfter = cpuSecondsOf(target);
  await target.end();
  const verdict = await compared(target, pairs, acceptedPath);
  return {
    ...options,
    node: process.versions.node,
    hardware: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    partitions,
    asked,
    swipesPerSecond,
    load: done,
    latency: latencyFigures(latencies, pairs),
    cpuUsPerSwipe: Object.fromEntries(
      Object.entries(cpuAfter).map(([name, after]) => {
        const before = cpuBefore[name];
        if (after === null || before === null || before === undefined) return [name, null];
        return [name, Math.round(((after - before) * 1e6) / (authorizations.answered + bulk.accepted))];
      }),
    ),
    pairs,
    verdict,
  };
}

function cpuSecondsOf({ processes }: Target): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    Object.entries(processes).map(([name, { pid }]) => [name, readUsage(pid)?.cpuSeconds ?? null]),
  );
}

/** Only where the load ends before all activations are done. */
async function failed(load: Load): Promise<never> {
  await load.done;
  throw new Error("the load was over before all was activated: give it more --seconds");
}

async function activateAll(target: Target, progress: (text: string) => void): Promise<WindowPair[]> {
  const activator = new Activator(target);
  const pairs: WindowPair[] = [];
  try {
    await pause(WARM_UP_MS);
    for (const [index, planned] of plannedActivations().entries()) {
      progress(`activation ${index + 1}: ${planned.name}`);
      pairs.push(await activator.activate(planned, index + 1));
      await pause(PAUSE_MS);
    }
    return pairs;
  } finally {
    activator.close();
  }
}

async function compared(
  target: Target,
  pairs: readonly WindowPair[],
  acceptedPath: string,
): Promise<Verdict> {
  const known = [loadBundle(), ...plannedActivations().map(({ bundle }) => bundle)];
  const left = await target.left();
  try {
    return await verdictOf(left, {
      partitions: target.partitions,
      bundles: new Map(known.map(({ bundle }) => [bundle.hash, bundle])),
      sequences: [0, ...pairs.map(({ sequence }) => sequence)],
      accepted: readFileSync(acceptedPath, "utf8").split("\n"),
    });
  } finally {
    await left.close();
  }
}

/** The shortest load in which all activations find a place. */
export function secondsNeeded(): number {
  const each = 2 * WINDOW_MS + PAUSE_MS;
  return Math.max(SECONDS_MIN, Math.ceil((WARM_UP_MS + plannedActivations().length * each) / 1000));
}
