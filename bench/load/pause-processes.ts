/**
 * SIGSTOP that has taken hold: the signal is sent in a moment, the threads of a busy process stop one after another.
 * Processes that have ended count as stopped.
 */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 2;
/** A thread in the middle of a disk write stops behind it. */
const STOPPED_WITHIN_MS = 10_000;
/** Where the system has no /proc, as long as a busy process was ever seen to take. */
const WITHOUT_PROC_MS = 100;

/** Until no thread of them runs: what is sent to them from now on is not answered. */
export async function pauseProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, "SIGSTOP");
  if (process.platform !== "linux") return sleep(WITHOUT_PROC_MS);
  const deadlineMs = performance.now() + STOPPED_WITHIN_MS;
  while (!pids.every(isStopped)) {
    if (performance.now() > deadlineMs)
      throw new Error(`processes ${pids.join(", ")}: not stopped within ${STOPPED_WITHIN_MS} ms`);
    await sleep(POLL_MS);
  }
}

export function resumeProcesses(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, "SIGCONT");
}

/** One of a server's children may end between their listing and the signal: there is nothing of it to stop. */
function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
  }
}

function isStopped(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) => isHeld(`/proc/${pid}/task/${thread}/stat`));
  } catch {
    // It ended: nothing of it answers.
    return true;
  }
}

/** T: stopped; Z and X: ended. */
function isHeld(path: string): boolean {
  try {
    const stat = readFileSync(path, "utf8");
    // The name, in parentheses, may hold spaces.
    return "TtZX".includes(stat.charAt(stat.lastIndexOf(")") + 2));
  } catch {
    return true;
  }
}
