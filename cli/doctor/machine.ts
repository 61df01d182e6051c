/** The machine: Node, memory, disk, clock, ports. */

import { statfsSync } from "node:fs";
import { createServer } from "node:net";
import { freemem } from "node:os";
import { dirname } from "node:path";
import { type Finding, fail, ok, warn } from "./check.js";

const NODE_MAJOR_MIN = 20;
const MIB = 2 ** 20;
/** Both processes with a million persons: see docs/performance.md. */
const MEMORY_MIB_MIN = 1500;
/** Some days of a city's journal; below it LMDB has little room to grow. */
const DISK_MIB_MIN = 2000;
/** Before this program was written no clock is right. */
const CLOCK_MS_MIN = Date.UTC(2026, 0, 1);

export function checkNode(version: string): Finding {
  const major = Number(version.split(".")[0]);
  return major >= NODE_MAJOR_MIN
    ? ok("Node.js", version)
    : fail("Node.js", version, `install Node.js ${NODE_MAJOR_MIN} or newer`);
}

export function checkMemory(freeBytes = freemem()): Finding {
  const free = Math.floor(freeBytes / MIB);
  return free >= MEMORY_MIB_MIN
    ? ok("memory", `${free} MiB free`)
    : warn("memory", `${free} MiB free`, `give it ${MEMORY_MIB_MIN} MiB: the office alone takes some 700`);
}

/** @param path need not exist yet. */
export function checkDisk(path: string): Finding {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      const free = Math.floor((bavail * bsize) / MIB);
      return free >= DISK_MIB_MIN
        ? ok("disk", `${free} MiB free`)
        : warn("disk", `${free} MiB free`, "free some, or name a data directory on another disk with --data");
    } catch (error) {
      if (folder === dirname(folder))
        return fail("disk", (error as Error).message, "check the path of --data");
    }
  }
}

export function checkClock(nowMs = Date.now()): Finding {
  const now = new Date(nowMs).toISOString();
  return nowMs >= CLOCK_MS_MIN
    ? ok("clock", now)
    : fail(
        "clock",
        now,
        "set it (NTP): a swipe that is far ahead of the clock is judged at the clock's time",
      );
}

export async function checkPort(name: string, host: string, port: number, option: string): Promise<Finding> {
  const code = await listenOnce(host, port);
  return code === null
    ? ok(name, `${port} is free`)
    : fail(name, `${port}: ${code}`, `end the program that has it, or name another with ${option}`);
}

function listenOnce(host: string, port: number): Promise<string | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
