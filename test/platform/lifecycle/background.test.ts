/** Processes in the background. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "@jest/globals";
import { inIdleClass, putIntoBackground } from "../../../platform/lifecycle/background.js";

async function withChild(
  detached: boolean,
  look: (pid: number) => void | Promise<void>,
  [command, args]: readonly [string, readonly string[]] = ["sleep", ["60"]],
): Promise<void> {
  const child: ChildProcess = spawn(command, args, { detached, stdio: "ignore" });
  await once(child, "spawn");
  try {
    await look(child.pid!);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

const groupOf = (pid: number | "self") => readFileSync(`/proc/${pid}/autogroup`, "utf8");
const hasGroups = existsSync("/proc/self/autogroup");

test("a child of this session has its own nice value; the session's group stays as it was", () =>
  withChild(false, (pid) => {
    const [priority, group] = [getPriority(), hasGroups ? groupOf("self") : ""];
    putIntoBackground(pid);
    expect(getPriority(pid)).toBe(Math.max(10, priority));
    expect(getPriority()).toBe(priority);
    if (hasGroups) expect(groupOf("self")).toBe(group);
  }));

test("of a child with a session of its own the session's group is lowered too", () =>
  withChild(true, (pid) => {
    putIntoBackground(pid);
    expect(getPriority(pid)).toBeGreaterThanOrEqual(10);
    if (hasGroups) expect(groupOf(pid)).toMatch(/nice 10$/m);
  }));

/** Of /proc/PID/stat (proc(5)): the name of the command and, fields later, its class; 5 is SCHED_IDLE. */
function commandAndClass(pid: number): { command: string; policy: number } {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const end = text.lastIndexOf(")");
  return {
    command: text.slice(text.indexOf("(") + 1, end),
    policy: Number(text.slice(end + 2).split(" ")[38]),
  };
}

test("what starts in the idle class is the command itself, in that class", () =>
  withChild(
    false,
    async (pid) => {
      while (commandAndClass(pid).command !== "sleep") await new Promise(setImmediate);
      expect(commandAndClass(pid).policy).toBe(5);
      expect(commandAndClass(process.pid).policy).not.toBe(5);
    },
    inIdleClass("sleep", ["60"]),
  ));

test("a process that has ended is no error", async () => {
  let ended = 0;
  await withChild(false, (pid) => {
    ended = pid;
  });
  expect(() => putIntoBackground(ended)).not.toThrow();
});
