/** What a measurement was made with: the program, the machine. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { packageRoot, packageVersion } from "../../cli/package-root.js";

const BYTES_PER_MB = 2 ** 20;

export interface Hardware {
  readonly system: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryMb: number;
}

export interface MeasuredWith {
  readonly kadunVersion: string;
  /** Of the checkout; null outside of one. */
  readonly commit: string | null;
  readonly node: string;
  readonly hardware: Hardware;
}

export function measuredWith(): MeasuredWith {
  return { kadunVersion: packageVersion(), commit: commit(), node: process.version, hardware: hardware() };
}

export function measuredWithText({ kadunVersion, commit, node, hardware }: MeasuredWith): string {
  const { processors, processor, memoryMb, system } = hardware;
  const program = commit === null ? kadunVersion : `${kadunVersion} (${commit})`;
  return `kadun ${program}, Node ${node}, ${processors} × ${processor}, ${memoryMb} MB, ${system}`;
}

export function hardware(): Hardware {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors: availableParallelism(),
    memoryMb: Math.round(totalmem() / BYTES_PER_MB),
  };
}

/** Of this checkout, not of another one that holds an installed Kadun. */
export function commit(): string | null {
  if (!existsSync(join(packageRoot, ".git"))) return null;
  return firstLine("git", ["-C", packageRoot, "rev-parse", "--short", "HEAD"]);
}

/** What a program says first, on either output; null where there is no such program or it fails. */
export function firstLine(command: string, args: readonly string[]): string | null {
  try {
    const output = execFileSync("sh", ["-c", '"$0" "$@" 2>&1', command, ...args], { encoding: "utf8" });
    return output.trim().split("\n")[0] ?? null;
  } catch {
    return null;
  }
}
