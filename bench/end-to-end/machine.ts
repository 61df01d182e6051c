/** Where a run was made. */

import { release } from "node:os";
import { commit, firstLine, hardware } from "../load/machine.js";
import { pomProperty } from "./versions.js";

/** The one that is started for the comparison. */
const BROKER = "test/support/servers/kafka";
const MB_PER_GB = 1024;

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
  const { processor, processors, memoryMb } = hardware();
  return {
    processor,
    processors,
    memoryGb: Math.round(memoryMb / MB_PER_GB),
    system: `${process.platform} ${release()}`,
    node: process.version,
    java: firstLine("java", ["-version"]),
    kafka: pomProperty(BROKER, "kafka.version"),
    redis: /v=(\S+)/.exec(firstLine("redis-server", ["--version"]) ?? "")?.[1] ?? null,
    commit: commit(),
  };
}
