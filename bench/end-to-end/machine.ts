/** Where a run was made. */

import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { packageRoot } from "../../cli/package-root.js";
import { pomProperty } from "./versions.js";

/** The one that is started for the comparison. */
const BROKER = "test/support/servers/kafka";
const BYTES_PER_GB = 2 ** 30;

export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** null where there is none. */
  readonly java: string | null;
  readonly kafka: string;
  readonly redis: string | null;
  /** Of the checkout; null outside of one. */
  readonly commit: string | null;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    processors: availableParallelism(),
    memoryGb: Math.round(totalmem() / BYTES_PER_GB),
    system: `${process.platform} ${release()}`,
    node: process.version,
    java: firstLine("java", ["-version"]),
    kafka: pomProperty(BROKER, "kafka.version"),
    redis: /v=(\S+)/.exec(firstLine("redis-server", ["--version"]) ?? "")?.[1] ?? null,
    commit: firstLine("git", ["-C", packageRoot, "rev-parse", "--short", "HEAD"]),
  };
}

function firstLine(command: string, args: readonly string[]): string | null {
  try {
    const output = execFileSync("sh", ["-c", '"$0" "$@" 2>&1', command, ...args], { encoding: "utf8" });
    return output.trim().split("\n")[0] ?? null;
  } catch {
    return null;
  }
}
