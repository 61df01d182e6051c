import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { pauseProcesses, resumeProcesses } from "../../../bench/load/pause-processes.js";

const stateOf = (pid: number) => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("one of the processes having ended, the others are stopped and go on", async () => {
  const ended = spawn("true");
  await once(ended, "exit");
  const sleeper = spawn("sleep", ["60"]);
  try {
    const pids = [ended.pid!, sleeper.pid!];
    await pauseProcesses(pids);
    expect(stateOf(sleeper.pid!)).toBe("T");
    resumeProcesses(pids);
    expect(stateOf(sleeper.pid!)).not.toBe("T");
  } finally {
    sleeper.kill("SIGKILL");
  }
});
