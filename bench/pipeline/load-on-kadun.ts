/** One load on a running Kadun, and what its processes used meanwhile. */

import type { Pauses } from "../load/collector-pauses.js";
import type { LoadGenerator } from "./load-generator.js";
import type { LoadResult } from "./load-protocol.js";
import { type ProcessUsage, readBusySeconds, readUsage } from "./process-usage.js";
import type { RunningKadun } from "./running-kadun.js";
import { type Sustained, sustainedBy } from "./sustained.js";

export const AUTHORIZATIONS = "/v1/authorizations";

/** Of one process during a load. */
export interface UsedMeanwhile {
  readonly cpuSeconds: number;
  /** 1 is one processor busy all the time. */
  readonly processors: number;
  readonly residentMb: number;
  /** Of its collector; null where Kadun does not log them. */
  readonly pauses: Pauses | null;
}

export interface LoadedKadun extends Sustained {
  readonly load: LoadResult;
  /** null where the kernel does not say. */
  readonly swipe: UsedMeanwhile | null;
  /** null too where the office was away or began anew. */
  readonly office: UsedMeanwhile | null;
  /** Processors that everything else on the machine kept busy meanwhile: with more than a tenth, look twice. */
  readonly otherProcessors: number | null;
  readonly swipeCpuUsPerAnswer: number | null;
  /**
   * Lines of the swipe process's metrics about its event loop, of this load. Node measures how late a timer of 10 ms
   * is by its whole length: 0.010 is no delay.
   */
  readonly eventLoop: Readonly<Record<string, number>>;
}

export async function loadKadun(
  kadun: RunningKadun,
  generator: LoadGenerator,
  { ratePerSecond, seconds }: { readonly ratePerSecond: number; readonly seconds: number },
): Promise<LoadedKadun> {
  const { url, pid, apiKey } = kadun.process;
  const { officePid } = kadun;
  // The event loop's figures begin anew with each scrape.
  await kadun.metrics();
  const before = { swipe: readUsage(pid), office: officePid === null ? null : readUsage(officePid) };
  const busyBefore = readBusySeconds();
  const fromMs = Date.now();
  const startedMs = performance.now();
  const load = await generator.run({
    url,
    path: AUTHORIZATIONS,
    apiKey,
    ratePerSecond,
    seconds,
  });
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const toMs = Date.now();
  const busyAfter = readBusySeconds();
  const usage = { swipe: readUsage(pid), office: officePid === null ? null : readUsage(officePid) };
  // An answer from the swipe process: what its last turn held is logged by then.
  const metrics = await kadun.metrics();
  const used = (name: "swipe" | "office", ofPid: number | null) =>
    ofPid === null
      ? null
      : usedSince(before[name], usage[name], wallSeconds, kadun.pauses(ofPid, { fromMs, toMs }));
  const swipe = used("swipe", pid);
  const office = used("office", officePid);
  return {
    load,
    ...sustainedBy(load),
    swipe,
    office,
    otherProcessors:
      busyBefore === null || busyAfter === null
        ? null
        : othersBusy((busyAfter - busyBefore) / wallSeconds, [
            swipe?.processors,
            office?.processors,
            load.generatorCpuSeconds / wallSeconds,
          ]),
    swipeCpuUsPerAnswer:
      swipe === null || load.answered === 0 ? null : Math.round((swipe.cpuSeconds * 1e6) / load.answered),
    eventLoop: eventLoopFigures(metrics),
  };
}

function usedSince(
  before: ProcessUsage | null,
  after: ProcessUsage | null,
  seconds: number,
  pauses: Pauses | null,
): UsedMeanwhile | null {
  if (before === null || after === null) return null;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    cpuSeconds: Number(cpuSeconds.toFixed(2)),
    processors: Number((cpuSeconds / seconds).toFixed(2)),
    residentMb: after.residentMb,
    pauses,
  };
}

function othersBusy(all: number, ours: readonly (number | undefined)[]): number {
  const rest = ours.reduce<number>((left, each) => left - (each ?? 0), all);
  return Number(Math.max(0, rest).toFixed(2));
}

const EVENT_LOOP_LINE = /^(\w*event_?loop\w*)(?:\{[^}]*\})? ([\d.eE+-]+)$/gm;

export function eventLoopFigures(metrics: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...metrics.matchAll(EVENT_LOOP_LINE)].map(([, name, value]) => [name, Number(value)]),
  );
}
