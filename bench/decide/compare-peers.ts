/**
 * Kadun beside other programs on the same job: rounds in which they take turns, each in a fresh process on one processor.
 * The peers' decisions must be equal; `compare.ts` holds Kadun's against those of plain Node.
 */

import { execFile, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { install, isInstalled, versionOf } from "../peers/in-process/installed.js";
import { PEER_NAMES, PEERS, type PeerName } from "../peers/in-process/peers.js";
import type { CompareOptions } from "./compare.js";
import type { SideFigures } from "./measure.js";
import type { PeerFigures } from "./measure-peer.js";

const run = promisify(execFile);
const MEASURE = fileURLToPath(new URL("./measure.js", import.meta.url));
const MEASURE_PEER = fileURLToPath(new URL("./measure-peer.js", import.meta.url));
/** The slowest needs 50 µs a decision, and a million persons take a minute to fill. */
const PROCESS_TIMEOUT_MS = 600_000;
const PROCESSOR = String(availableParallelism() - 1);

export interface ComparedPeer extends Omit<PeerFigures, "decisionsHash"> {
  readonly title: string;
  /** Of its library; null where it has none. */
  readonly version: string | null;
  /** Processor time a decision over Kadun's, round by round, and the median of the rounds. */
  readonly timesKadun: { readonly median: number; readonly rounds: readonly number[] };
}

export interface PeersComparison extends CompareOptions {
  readonly peers: readonly ComparedPeer[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
}

/** @throws Error where the peers decide differently. */
export async function comparePeers(
  options: CompareOptions,
  progress: (text: string) => void,
): Promise<PeersComparison> {
  const libraries = PEER_NAMES.flatMap((name) => PEERS[name].library ?? []);
  const problem = await install(libraries);
  const missing = PEER_NAMES.filter((name) => !hasLibrary(name));
  const present = PEER_NAMES.filter(hasLibrary);
  const kadunNs: number[] = [];
  const figures = new Map(present.map((name) => [name, [] as PeerFigures[]]));
  for (let round = 0; round < options.rounds; round++) {
    progress(`${options.persons} persons: kadun beside its peers`);
    const kadun = (await measured([MEASURE, "kadun"], options)) as SideFigures;
    kadunNs.push(kadun.producerOrder.nsCpu);
    for (const name of present) {
      progress(`${options.persons} persons: ${name}`);
      figures.get(name)!.push((await measured([MEASURE_PEER, name], options)) as PeerFigures);
    }
    checkEqual(present.map((name) => figures.get(name)!.at(-1)!));
  }
  return {
    ...options,
    peers: present.map((name) => compared(name, figures.get(name)!, kadunNs)),
    skipped: missing.map((name) => ({
      title: PEERS[name].title,
      reason: problem ?? `${PEERS[name].library} is not installed`,
    })),
  };
}

function hasLibrary(name: PeerName): boolean {
  const { library } = PEERS[name];
  return library === null || isInstalled(library);
}

async function measured(program: readonly string[], { persons, events }: CompareOptions): Promise<unknown> {
  const args = ["--expose-gc", ...program, String(persons), String(events)];
  const [command, ...rest] = hasTaskset()
    ? ["taskset", "-c", PROCESSOR, process.execPath, ...args]
    : [process.execPath, ...args];
  const { stdout } = await run(command!, rest, { timeout: PROCESS_TIMEOUT_MS });
  return JSON.parse(stdout);
}

function checkEqual(round: readonly PeerFigures[]): void {
  const [first, ...others] = round;
  for (const { peer, decisionsHash } of others)
    if (decisionsHash !== first!.decisionsHash)
      throw new Error(
        `${peer} decides differently: ${decisionsHash}, ${first!.peer} has ${first!.decisionsHash}`,
      );
}

function compared(name: PeerName, rounds: readonly PeerFigures[], kadunNs: readonly number[]): ComparedPeer {
  const { title, library } = PEERS[name];
  const of = (key: "decisionsPerSecond" | "nsCpu" | "p50Us" | "p99Us" | "rssMb") =>
    median(rounds.map((figures) => figures[key]));
  const times = rounds.map(({ nsCpu }, round) => Number((nsCpu / kadunNs[round]!).toFixed(2)));
  return {
    peer: name,
    title,
    version: library === null ? null : versionOf(library),
    decisionsPerSecond: of("decisionsPerSecond"),
    nsCpu: of("nsCpu"),
    p50Us: of("p50Us"),
    p99Us: of("p99Us"),
    rssMb: of("rssMb"),
    timesKadun: { median: median(times), rounds: times },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function hasTaskset(): boolean {
  const args = ["-c", PROCESSOR, process.execPath, "--version"];
  return spawnSync("taskset", args, { stdio: "ignore" }).status === 0;
}
