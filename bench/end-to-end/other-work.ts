/** What else the machine did meanwhile: a run on a busy one says little, and is to say so. */

import { readBusySeconds } from "../pipeline/process-usage.js";
import { treeUsage } from "./process-tree.js";
import type { World } from "./world.js";

export interface WorkDone {
  readonly atMs: number;
  /** Of all processors; null where the system does not say. */
  readonly busySeconds: number | null;
  /** Of this program, its children and the servers. */
  readonly ownSeconds: number;
}

export function workDone({ brokerPid, redisPid }: Pick<World, "brokerPid" | "redisPid">): WorkDone {
  return workDoneWith([brokerPid, redisPid]);
}

/** @param serverPids those of the run's servers that this program has not started. */
export function workDoneWith(serverPids: readonly number[]): WorkDone {
  return {
    atMs: performance.now(),
    busySeconds: readBusySeconds(),
    ownSeconds: treeUsage([process.pid, ...serverPids]).cpuSeconds,
  };
}

/** Processors that others kept busy between two looks; null where the system does not say. */
export function othersCores(before: WorkDone, after: WorkDone): number | null {
  if (before.busySeconds === null || after.busySeconds === null) return null;
  const others = after.busySeconds - before.busySeconds - (after.ownSeconds - before.ownSeconds);
  return Math.max(0, (others / (after.atMs - before.atMs)) * 1000);
}
