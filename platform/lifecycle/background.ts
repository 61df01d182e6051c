/**
 * Puts a process into the background: what processors have left is its share, and a tenth of one when nothing is left
 * (nice 10).
 *
 * Threads have the priority of the one that starts them: lower a process as soon as it is there, while there is one. On
 * Linux with automatic groups (sched(7)) a nice value counts among the processes of one session only, and between sessions
 * the group's own does: where the process leads a session, its group is lowered too.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

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

/** Behind the command's closing bracket of /proc/PID/stat (proc(5)). */
const SESSION = 3;

function leadsSession(pid: number): boolean {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[SESSION]) === pid;
}
