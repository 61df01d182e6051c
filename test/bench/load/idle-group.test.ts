/** Processes that have what others leave. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { limitIdleGroup, putIntoIdleGroup, removeIdleGroup } from "../../../bench/load/idle-group.js";

test("a process and what it starts are in an idle group, or it is said why not", async () => {
  const parent = spawn("sh", ["-c", "read line; sleep 60 & echo $!; wait"], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  await once(parent, "spawn");
  try {
    let refusal: unknown = null;
    try {
      putIntoIdleGroup(parent.pid!);
    } catch (error) {
      refusal = error;
    }
    if (refusal === null) {
      parent.stdin.write("\n");
      const [child] = (await once(parent.stdout, "data")) as [Buffer];
      for (const pid of [parent.pid!, Number(child.toString())])
        expect(readFileSync(`/proc/${pid}/cgroup`, "utf8")).toMatch(/:\/kadun-idle$/m);
      limitIdleGroup(25);
      expect(quotaNow()).toMatch(/^5000( 20000)?$/);
      limitIdleGroup(null);
      expect(quotaNow()).toMatch(/^(-1|max 20000)$/);
    } else {
      expect(refusal).toMatchObject({
        message: expect.stringMatching(
          /kadun-idle: expected a control group for process \d+ \(.+\); run this as root/,
        ),
      });
    }
  } finally {
    process.kill(-parent.pid!, "SIGKILL");
    await once(parent, "exit");
    removeIdleGroup();
  }
});

/** Of the first version of control groups, or of the second. */
function quotaNow(): string {
  const files = [
    "cpu/kadun-idle/cpu.cfs_quota_us",
    "cpu,cpuacct/kadun-idle/cpu.cfs_quota_us",
    "kadun-idle/cpu.max",
  ];
  const path = files.map((file) => `/sys/fs/cgroup/${file}`).find(existsSync);
  return readFileSync(path!, "utf8").trim();
}
