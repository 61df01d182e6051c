/**
 * A control group (cgroups(7)) whose processes work while nobody else wants the processor, and give it up at once: what
 * systemd's `CPUWeight=idle` is. What they start belongs to it too, whatever session it begins.
 */

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of the first version, as it is mounted here and there, then of the second. */
const ROOTS = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup"];
const NAME = "kadun-idle";

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
