/** What processes and all that they started used, by the kernel's count. */

import { readFileSync } from "node:fs";
import { readUsage } from "../pipeline/process-usage.js";

export interface TreeUsage {
  /** User and system time of all threads since they began. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

/** Processes that have ended count nothing. */
export function treeUsage(pids: readonly number[]): TreeUsage {
  let cpuSeconds = 0;
  let residentMb = 0;
  for (const pid of pids.flatMap(withChildren)) {
    const usage = readUsage(pid);
    cpuSeconds += usage?.cpuSeconds ?? 0;
    residentMb += usage?.residentMb ?? 0;
  }
  return { cpuSeconds, residentMb };
}

function withChildren(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(withChildren)];
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    // It has ended, or the system has no /proc.
    return [];
  }
}
