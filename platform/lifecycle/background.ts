/**
 * Processes in the background: what processors have left is theirs.
 *
 * 1. Put there they have a tenth of another's share when nothing is left (nice 10).
 * 2. Started in the idle class they have nothing then, and whoever wakes up takes the processor from them at once; at nice 10
 *    it waits for the end of their slice, some milliseconds each time.
 *
 * Threads have the priority of the one that starts them: lower a process as soon as it is there, while there is one. On
 * Linux with automatic groups (sched(7)) a nice value counts among the processes of one session only, and between sessions
 * the group's own does: where the process leads a session, its group is lowered too.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

const CHRT = "/usr/bin/chrt";
const NICE = constants.priority.PRIORITY_BELOW_NORMAL;

/** Nothing where it has ended already. It is never raised. */
export function putIntoBackground(pid: number): void {
  try {
    setPriority(pid, Math.max(getPriority(pid), NICE));
    if (leadsSession(pid)) writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
  } catch {
    // It has ended: `exit` says so; or the system has no such groups.
  }
}

/**
 * The command, started in Linux's idle class (SCHED_IDLE, sched(7)); it replaces itself, the pid is the command's. It counts
 * among the processes of one session or control group: start it in that of those that come first.
 *
 * @throws Error where the system has no `chrt` (util-linux).
 */
export function inIdleClass(
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  if (!existsSync(CHRT))
    throw new Error(`${CHRT}: expected the command of util-linux that starts programs in the idle class`);
  return [CHRT, ["-i", "0", command, ...args]];
}

/** Behind the command's closing bracket of /proc/PID/stat (proc(5)). */
const SESSION = 3;

function leadsSession(pid: number): boolean {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[SESSION]) === pid;
}
