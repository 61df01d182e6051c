/**
 * A control group (cgroups(7)) whose processes work while nobody else wants the processor, and give it up at once: what
 * systemd's `CPUWeight=idle` is. What they start belongs to it too, whatever session it begins. A quota (systemd's `CPUQuota`)
 * holds also while a processor is theirs because the kernel has not yet moved somebody else's waiting process there.
 */

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of the first version, as it is mounted here and there, then of the second. */
const ROOTS = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup"];
const NAME = "kadun-idle";
/** Short turns: who has used up a quota may hold a lock that others of the group wait for. */
const QUOTA_PERIOD_US = 20_000;

/** @throws Error where the system has no such groups, or whoever runs this may not make one. */
export function putIntoIdleGroup(pid: number): void {
  const group = groupPath();
  try {
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, "cpu.idle"), "1");
    writeFileSync(join(group, "cgroup.procs"), String(pid));
  } catch (error) {
    throw new Error(
      `${group}: expected a control group for process ${pid} (${(error as Error).message}); run this as root, or ask for a tenth`,
      { cause: error },
    );
  }
}

/** @param percent of one processor, as systemd counts; null for as much as is left. @throws Error of the file system. */
export function limitIdleGroup(percent: number | null): void {
  const group = groupPath();
  const quotaUs = percent === null ? null : Math.round((QUOTA_PERIOD_US * percent) / 100);
  if (existsSync(join(group, "cpu.max"))) {
    writeFileSync(join(group, "cpu.max"), `${quotaUs ?? "max"} ${QUOTA_PERIOD_US}`);
    return;
  }
  writeFileSync(join(group, "cpu.cfs_period_us"), String(QUOTA_PERIOD_US));
  writeFileSync(join(group, "cpu.cfs_quota_us"), String(quotaUs ?? -1));
}

/** Nothing where processes of somebody else's are in it. */
export function removeIdleGroup(): void {
  try {
    rmdirSync(groupPath());
  } catch {
    // It was never made, or is in use.
  }
}

function groupPath(): string {
  const root = ROOTS.find((path) => existsSync(join(path, "cgroup.procs"))) ?? ROOTS.at(-1)!;
  return join(root, NAME);
}
