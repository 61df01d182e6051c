/**
 * A full disk without privileges: a soft limit on the size of files, which can be lifted from outside while the process
 * runs.
 */

import { execFileSync } from "node:child_process";
import type { TestProcess } from "./child-process.js";

export const smallDisk: { readonly has: true } | { readonly lacks: string } =
  process.platform === "linux" ? { has: true } : { lacks: "prlimit is of Linux" };

export function withRoom<Writer extends { readonly process: TestProcess }>(
  writer: Writer,
): Writer & { makeRoom(): Promise<void> } {
  const makeRoom = async (): Promise<void> => {
    execFileSync("prlimit", ["--pid", String(writer.process.pid), "--fsize=unlimited:"]);
  };
  return Object.assign(writer, { makeRoom });
}
