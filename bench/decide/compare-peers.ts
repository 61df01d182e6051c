/**
 * Kadun beside other programs on the same job: rounds in which they take turns, each in a fresh process on one processor.
 * All decisions must be equal before anything is timed.
 */

import { fileURLToPath } from "node:url";
import { median } from "../end-to-end/rounds.js";
import { install, isInstalled, versionOf } from "../peers/in-process/installed.js";
import { PEER_NAMES, PEERS, type PeerName } from "../peers/in-process/peers.js";
import { type CompareOptions, jobOf } from "./compare.js";
import type { SideFigures } from "./measure.js";
import type { PeerFigures } from "./measure-peer.js";
import { type Conditions, conditions, measuredInTurns } from "./measured-process.js";

const MEASURE = fileURLToPath(new URL("./measure.js", import.meta.url));
const MEASURE_PEER = fileURLToPath(new URL("./measure-peer.js", import.meta.url));

export interface ComparedPeer extends PeerFigures {
  readonly title: string;
  /** Of its library; null where it has none. */
  readonly version: string | null;
  /** Processor time a decision over Kadun's, round by round, and the median of the rounds. */
  readonly timesKadun: { readonly median: number; readonly rounds: readonly number[] };
}

export interface PeersComparison extends CompareOptions, Conditions {
  readonly peers: readonly ComparedPeer[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
}

/** @throws Error where one decides differently. */
export async function comparePeers(
  options: CompareOptions,
  progress: (text: string) => void,
): Promise<PeersComparison> {
  const libraries = PEER_NAMES.flatMap((name) => PEERS[name].library ?? []);
  const problem = await install(libraries);
  const missing = PEER_NAMES.filter((name) => !hasLibrary(name));
  const present = PEER_NAMES.filter(hasLibrary);
  const held = conditions();
  const { persons, events } = options;
  const sizes = [String(persons), String(events)];
  const same = { held, job: jobOf(persons, events) };
  const kadunNs: number[] = [];
  const figures = new Map(present.map((name) => [name, [] as PeerFigures[]]));
  for (let round = 0; round < options.rounds; round++) {
    progress(`${persons} persons: kadun and its peers, round ${round + 1}`);
    const [kadun, ...others] = await measuredInTurns([
      { program: [MEASURE, "kadun", ...sizes], ...same },
      ...present.map((name) => ({ program: [MEASURE_PEER, name, ...sizes], ...same })),
    ]);
    kadunNs.push((kadun as SideFigures).producerOrder.nsCpu);
    for (const [index, name] of present.entries()) figures.get(name)!.push(others[index] as PeerFigures);
  }
  return {
    ...options,
    ...held,
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
