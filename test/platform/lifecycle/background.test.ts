/** Processes in the background. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { expect, test } from "@jest/globals";
import { putIntoBackground } from "../../../platform/lifecycle/background.js";

async function withChild(detached: boolean, look: (pid: number) => void): Promise<void> {
  const child: ChildProcess = spawn("sleep", ["60"], { detached, stdio: "ignore" });
  await once(child, "spawn");
  try {
    look(child.pid!);
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

test("a process that has ended is no error", async () => {
  let ended = 0;
  await withChild(false, (pid) => {
    ended = pid;
  });
  expect(() => putIntoBackground(ended)).not.toThrow();
});
