/** The machine: Node, memory, disk, clock, ports. */

import { statfsSync } from "node:fs";
import { createServer } from "node:net";
import { freemem } from "node:os";
import { dirname } from "node:path";
import { LARGE_PAGES_TUNABLES, type LargePages, largePages } from "../../platform/lifecycle/large-pages.js";
import { type Listening, listenErrorMessage } from "../../platform/lifecycle/listen-error.js";
import { type Finding, fail, messageOf, ok, warn } from "./check.js";

/** As `engines` in package.json. */
const NODE_MIN = { major: 20, minor: 19 };
const MIB = 2 ** 20;
/** Both processes with a million persons: see docs/performance.md. */
const MEMORY_MIB_MIN = 1500;
/** Some days of a city's journal; below it LMDB has little room to grow. */
const DISK_MIB_MIN = 2000;
/** Before this program was written no clock is right. */
const CLOCK_MS_MIN = Date.UTC(2026, 0, 1);

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > NODE_MIN.major || (major === NODE_MIN.major && minor >= NODE_MIN.minor);
  return isEnough
    ? ok("Node.js", version)
    : fail("Node.js", version, `install Node.js ${NODE_MIN.major}.${NODE_MIN.minor} or newer`);
}

/** What this process may still take: of the machine, or of the container it runs in. */
export function checkMemory(freeBytes = Math.min(freemem(), process.availableMemory())): Finding {
  const free = Math.floor(freeBytes / MIB);
  return free >= MEMORY_MIB_MIN
    ? ok("memory", `${free} MiB free`)
    : warn("memory", `${free} MiB free`, `give it ${MEMORY_MIB_MIN} MiB: the office alone takes some 700`);
}

const LARGE_PAGES_DETAIL: Readonly<Record<LargePages, string>> = {
  always: "the system gives them",
  asked: "asked for by GLIBC_TUNABLES",
  "not asked": `not asked for; GLIBC_TUNABLES=${LARGE_PAGES_TUNABLES} in the environment of a process that judges makes it faster`,
  none: "not on this system",
};

/** Swipes are judged without them too, a little slower. */
export function checkLargePages(given = largePages()): Finding {
  return ok("large pages", LARGE_PAGES_DETAIL[given]);
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
      if (folder === dirname(folder)) return fail("disk", messageOf(error), "check the path of --data");
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

export async function checkPort(name: string, listening: Listening): Promise<Finding> {
  const error = await listenOnce(listening);
  if (error === null) return ok(name, listening.port === 0 ? "any free one" : `${listening.port} is free`);
  const [detail, next] = (listenErrorMessage(error, listening) ?? messageOf(error)).split("; ", 2);
  return fail(name, detail ?? "", next ?? "look at the message");
}

function listenOnce({ host, port }: Listening): Promise<unknown> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
