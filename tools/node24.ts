/**
 * `npm run test:node24 [-- --lines N]`: the golden journal and N mixed lines (bench/load/mixed-lines.ts; 20,000 unless
 * given) give the same bytes under Node 24 as under the Node that runs this, and both verify an evidence package that this
 * one made. A million lines take some minutes and 2 GB of the temporary folder.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { mixedLines } from "../bench/load/mixed-lines.js";
import { packageRoot } from "../cli/package-root.js";
import { type GoldenHeader, goldenFiles } from "./golden-outcomes.js";
import { nodeBinary, versionOf } from "./other-node.js";

const REPLAY_TIMEOUT_MS = 600_000;
const STDERR_BYTES_MAX = 1 << 28;
const SEED = 611;

interface Input {
  readonly journal: string;
  /** Of `kadun replay`. */
  readonly options: readonly string[];
}

interface Replayed {
  readonly status: number | null;
  readonly sha256: string;
  /** Refused lines, each with its reason. */
  readonly refusalsSha256: string;
  readonly summary: Readonly<Record<string, unknown>>;
}

/** What a Node makes of a file, on both streams, and how it ends. */
async function replayed(node: string, { journal, options }: Input, folder: string): Promise<Replayed> {
  const main = join(packageRoot, "dist", "cli", "main.js");
  const out = join(folder, "outcomes.ndjson");
  const { status, stdout, stderr, error } = spawnSync(
    node,
    [main, "replay", ...options, journal, "--out", out, "--summary-json"],
    { timeout: REPLAY_TIMEOUT_MS, maxBuffer: STDERR_BYTES_MAX, encoding: "utf8" },
  );
  if (error !== undefined) throw new Error(`${node}: ${error.message}`);
  // 2: lines were refused, which is meant.
  if (status !== 0 && status !== 2) throw new Error(`${node} ended with ${status}: ${stderr.slice(-2_000)}`);
  const { seconds: _seconds, linesPerSecond: _speed, ...summary } = JSON.parse(stdout);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(out)) hash.update(chunk);
  rmSync(out);
  const refusalsSha256 = createHash("sha256").update(stderr).digest("hex");
  return { status, sha256: hash.digest("hex"), refusalsSha256, summary };
}

async function compare(other: string, input: Input, folder: string): Promise<Replayed | null> {
  const versions = [process.execPath, other].map(versionOf);
  const here = await replayed(process.execPath, input, folder);
  const there = await replayed(other, input, folder);
  if (JSON.stringify(here) === JSON.stringify(there)) {
    console.log(`${versions.join(" and ")} print the same bytes: ${here.sha256}`);
    return here;
  }
  console.error(
    `${versions.join(" and ")} differ on ${input.journal}:\n${JSON.stringify([here, there], null, 1)}`,
  );
  return null;
}

async function compareGolden(other: string, folder: string): Promise<boolean> {
  const { outcomesSha256 } = JSON.parse(readFileSync(goldenFiles.header, "utf8")) as GoldenHeader;
  const printed = await compare(other, { journal: goldenFiles.journal, options: [] }, folder);
  if (printed === null) return false;
  if (printed.sha256 === outcomesSha256) return true;
  console.error("these are not the golden outcomes: run 'npm test -- test/detector/golden'");
  return false;
}

async function compareMixed(other: string, folder: string, lines: number): Promise<boolean> {
  const journal = join(folder, "mixed.ndjson");
  await pipeline(Readable.from(withEnds(lines)), createWriteStream(journal));
  const printed = await compare(other, { journal, options: ["--from", "national"] }, folder);
  if (printed === null) return false;
  console.log(JSON.stringify(printed.summary));
  return true;
}

/** A package that this Node's Kadun made is verified by both, with the same words. */
function comparePackage(other: string, folder: string): boolean {
  const main = join(packageRoot, "dist", "cli", "main.js");
  const run = (node: string, args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(node, [main, ...args], {
      timeout: REPLAY_TIMEOUT_MS,
      encoding: "utf8",
    });
    if (status !== 0) console.error(`${node} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
    return status === 0 ? stdout : null;
  };
  const keep = join(folder, "story");
  if (run(process.execPath, ["demo", "--story", "hangzhou", "--keep", keep, "--json"]) === null) return false;
  const name = readdirSync(keep).find((file) => file.endsWith(".zip"))!;
  const verify = ["evidence", "verify", join(keep, name), "--replay", "--json"];
  const [here, there] = [run(process.execPath, verify), run(other, verify)];
  if (here === null || here !== there) return false;
  console.log(`${[process.execPath, other].map(versionOf).join(" and ")} verify an evidence package`);
  return true;
}

function* withEnds(lines: number): Generator<string> {
  for (const line of mixedLines({ seed: SEED, lines })) yield `${line}\n`;
}

const { values } = parseArgs({ options: { lines: { type: "string", default: "20000" } } });
const lines = Number(values.lines);
if (!(Number.isSafeInteger(lines) && lines > 0))
  throw new Error(`--lines ${values.lines}: expected a whole number above 0`);
const other = nodeBinary();
if (other !== null) {
  const folder = mkdtempSync(join(tmpdir(), "kadun-node24-"));
  try {
    const isSame =
      (await compareGolden(other, folder)) &&
      (await compareMixed(other, folder, lines)) &&
      comparePackage(other, folder);
    if (!isSame) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
