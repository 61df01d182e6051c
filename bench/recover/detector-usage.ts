/** What a detector took of the machine, as long as it ran. */

import { loggedPauses, type Pauses } from "../load/collector-pauses.js";
import type { RoleProcess } from "../load/role-process.js";
import { readUsage } from "../pipeline/process-usage.js";

export interface DetectorUsage {
  /** By which kill it ended, from 1; null where it ran to the end. */
  readonly killed: number | null;
  /** null where the kernel does not say. */
  readonly cpuSeconds: number | null;
  readonly residentMb: number | null;
  readonly residentPeakMb: number | null;
  /** Of its collector. */
  readonly pauses: Pauses | null;
}

/** Of a detector that runs, which is to end now. @param pausesIn where it logs its pauses. */
export function detectorUsage(
  { pid }: RoleProcess,
  { killed, pausesIn }: { readonly killed: number | null; readonly pausesIn: string },
): DetectorUsage {
  const usage = readUsage(pid);
  return {
    killed,
    cpuSeconds: usage?.cpuSeconds ?? null,
    residentMb: usage?.residentMb ?? null,
    residentPeakMb: usage?.residentPeakMb ?? null,
    pauses: loggedPauses(pausesIn, pid),
  };
}
