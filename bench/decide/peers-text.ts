import type { ComparedPeer, PeersComparison } from "./compare-peers.js";
import { conditionsText } from "./measured-process.js";

/** The comparison as Markdown. */
export function peersText(comparison: PeersComparison): string {
  const { persons, events, rounds, peers, skipped } = comparison;
  return [
    `${persons} persons, ${events} swipes a process, ${rounds} rounds, ${conditionsText(comparison)}; decisions equal by hash, Kadun's and theirs`,
    "",
    "| peer | decisions/s | CPU ns a decision | p50 µs | p99 µs | RSS MB | CPU against Kadun's |",
    "|---|---|---|---|---|---|---|",
    ...peers.map(line),
    ...skipped.map(({ title, reason }) => `| ${title} | not measured: ${reason} | | | | | |`),
  ].join("\n");
}

function line({ title, version, timesKadun, ...figures }: ComparedPeer): string {
  const { decisionsPerSecond, nsCpu, p50Us, p99Us, rssMb } = figures;
  const name = version === null ? title : `${title} ${version}`;
  const times = `${timesKadun.median} times (rounds ${timesKadun.rounds.join(", ")})`;
  return `| ${name} | ${[decisionsPerSecond, nsCpu, p50Us, p99Us, rssMb, times].join(" | ")} |`;
}
