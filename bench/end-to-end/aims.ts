/** What Kadun's ratios are to be, beside what they are. */

import type { EngineName } from "./engine.js";
import { ENGINES } from "./engines/engines.js";
import type { PacedFigures } from "./paced.js";
import { pacedSides } from "./paced-sides.js";
import type { DrainFigure, DrainRounds, Results } from "./report.js";
import { median, type Ratio, ratioOf } from "./rounds.js";

export interface Aim {
  readonly what: string;
  /** Of Kadun over the other, round by round. */
  readonly ratio: Ratio;
  readonly bound: { readonly min: number } | { readonly max: number };
  readonly isMet: boolean;
}

const JAVA_ENGINES = Object.values(ENGINES).filter(({ runsOnJava }) => runsOnJava);

/** Only of what was measured. */
export function aimsOf(results: Results): readonly Aim[] {
  const { drain, options } = results;
  return [
    ...drainAim(drain, "flink", "perSecond", "drain, times Flink's rate", { min: 1.2 }),
    ...drainAim(drain, "flink", "perSecondSteady", "drain, times Flink's steady rate", { min: 1.2 }),
    ...drainAim(
      drain,
      "kafka-streams",
      "perSecond",
      "drain, times the rate of Kafka Streams with changelog",
      {
        min: 1.8,
      },
    ),
    ...drainAim(drain, "flink", "cpuUsSteady", "drain, CPU a swipe of Flink's (steady)", { max: 0.7 }),
    ...options.rates.flatMap((rate, index) => [
      ...pacedAim(results, index, "p50Ms", `${rate}/s, p50 of the best Java peer's`, { max: 0.5 }),
      ...pacedAim(results, index, "p99Ms", `${rate}/s, p99 of the best Java peer's`, { max: 0.6 }),
    ]),
  ];
}

function drainAim(
  drain: DrainRounds,
  peer: EngineName,
  key: DrainFigure,
  what: string,
  bound: Aim["bound"],
): readonly Aim[] {
  const kadun = drain.get("kadun");
  const other = drain.get(peer);
  if (kadun === undefined || other === undefined) return [];
  const ratio = ratioOf(
    kadun.map((round) => round[key]),
    other.map((round) => round[key]),
  );
  return [aim(what, ratio, bound)];
}

/** The best peer is the one with the lowest median over the rounds, with the setting that is best at this rate for this. */
function pacedAim(
  { paced, options }: Results,
  rateIndex: number,
  key: "p50Ms" | "p99Ms",
  what: string,
  bound: Aim["bound"],
): readonly Aim[] {
  const latencies = (rounds: readonly (readonly PacedFigures[])[]) =>
    rounds.map((round) => round[rateIndex]!.latency[key]);
  const kadun = paced.get("kadun");
  const javaPeers = pacedSides(JAVA_ENGINES, options.peerLingersMs);
  const peers = javaPeers.flatMap(({ name, engine }) => {
    const rounds = engine === null ? undefined : paced.get(name);
    return rounds === undefined ? [] : [latencies(rounds)];
  });
  if (kadun === undefined || peers.length === 0) return [];
  const best = peers.reduce((one, other) => (median(other) < median(one) ? other : one));
  return [aim(what, ratioOf(latencies(kadun), best), bound)];
}

function aim(what: string, ratio: Ratio, bound: Aim["bound"]): Aim {
  const isMet = "min" in bound ? ratio.median >= bound.min : ratio.median <= bound.max;
  return { what, ratio, bound, isMet };
}
