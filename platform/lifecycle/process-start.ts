/** Which process a pid is: pids are used again, a pid with the start of its process is not. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const PS_DEADLINE_MS = 2_000;
const ENDED = "ended";

/** Boot and clock ticks since it, or what `ps` says; null where the system does not tell. */
export function startOf(pid: number): string | null {
  return process.platform === "linux" ? startOfProc(pid) : startOfPs(pid);
}

/** Does the process live that had this start? In doubt yes. */
export function isStarted(pid: number, startedAt: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user's.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = startOf(pid);
  return start === null || startedAt === "" || start === startedAt;
}

function startOfProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces; field 22 of the whole is field 20 behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie holds nothing any more.
    if (fields[0] === "Z" || fields[0] === "X") return ENDED;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

function startOfPs(pid: number): string | null {
  try {
    const said = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      timeout: PS_DEADLINE_MS,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    const space = said.search(/\s/);
    if (space === -1) return null;
    return said.startsWith("Z") ? ENDED : said.slice(space).trim();
  } catch {
    return null;
  }
}
