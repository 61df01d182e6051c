/**
 * `kadun bench decide`: the judge beside a plain Node program on the same job, one processor.
 * `kadun bench pipeline`: a whole Kadun under a load of authorizations.
 * `kadun bench sink`: rows into the analytics database (bench-sink.ts).
 * `kadun bench console`: what the console's pages ask of many rows (bench-console.ts).
 * `kadun bench recover`: a detector is killed, another one takes over.
 */

import { parseArgs } from "node:util";
import { type Comparison, compare } from "../bench/decide/compare.js";
import { comparePeers, type PeersComparison } from "../bench/decide/compare-peers.js";
import type { Figures } from "../bench/decide/measure.js";
import { conditionsText } from "../bench/decide/measured-process.js";
import { peersText } from "../bench/decide/peers-text.js";
import { COMPARED_PERSONS_MAX, type Scale, scale } from "../bench/decide/scale.js";
import { scaleText } from "../bench/decide/scale-text.js";
import type { Ratio } from "../bench/end-to-end/rounds.js";
import { benchPipeline } from "../bench/pipeline/pipeline.js";
import { pipelineText } from "../bench/pipeline/pipeline-text.js";
import { boundsOf } from "../bench/recover/bounds.js";
import { measureRecovery } from "../bench/recover/recover.js";
import { reportText } from "../bench/recover/report-text.js";
import { againWithServers, serversOf } from "../bench/recover/run.js";
import { GROUP_MAX } from "../bench/swipe-5/swipe-5.js";
import { benchConsole, CONSOLE_SYNOPSIS, CONSOLE_USAGE } from "./bench-console.js";
import { benchSink, SINK_SYNOPSIS, SINK_USAGE } from "./bench-sink.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const BENCH_USAGE = `kadun bench decide [--persons N,N] [--events N] [--rounds N] [--peers] [--json]
kadun bench pipeline [--profile embedded] [--rates N,N] [--seconds N] [--persons N] [--seed N] [--json]
${SINK_SYNOPSIS}
${CONSOLE_SYNOPSIS}
kadun bench recover [--persons N] [--rate N] [--kills N] [--session-timeout-ms N] [--json]

decide: what a decision costs

Job swipe-5 (bench/swipe-5/job.ts): raw bytes in, the job's decision JSON out, by Kadun's judge and by a plain Node
program (bench/peers/plain-node) take turns in fresh processes. What they decide while warming up is compared by hash.
--persons N,N  sizes (10000,1000000); one above 2000000 is measured beside 1000000 persons, Kadun's sides alone
--events N     swipes a process and key order (500000; at least 20000)
--rounds N     turns of each side (3)
--peers        then beside json-rules-engine, GoRules ZEN and cel-js too; npm installs them into bench/peers/in-process

pipeline: a whole Kadun (kadun start, in a folder that is removed) answers POST /v1/authorizations; requests come when
they are due, and latency counts from that moment. First at the rates given, then at the highest that is sustained.
--profile P    embedded
--rates N,N    authorizations a second (500,2000)
--seconds N    of load at each rate (15)
--persons N    who swipe (100000; at least 500)
--seed N       of arrivals and swipes (1)

${SINK_USAGE}

${CONSOLE_USAGE}

recover: two detectors over Kafka and Redis with persons that only Redis holds; one is killed (kill -9) under load. When the
other one judges the first swipes of its partitions, and when it is as fast as the two were. On the servers of
KADUN_KAFKA_BROKERS, KADUN_REDIS_URL and KADUN_POSTGRES_URL, which hold no Kadun yet; started for it where none is named.
--persons N             in Redis (1000000; at least 1000)
--rate N                swipes a second (5000)
--kills N               one after the other (3)
--session-timeout-ms N  KADUN_SESSION_TIMEOUT_MS of the detectors (10000)

--json         JSON instead of a table
Exit status: 0 done, 1 failed, decisions differ or a bound is missed, 64 usage.`;

const PERSONS_DEFAULT = "10000,1000000";
const EVENTS_DEFAULT = 500_000;
const EVENTS_MIN = 20_000;
const ROUNDS_DEFAULT = 3;

const RATES_DEFAULT = "500,2000";
const SECONDS_DEFAULT = 15;
const SWIPERS_DEFAULT = 100_000;
const SWIPERS_MIN = 500;
const SEED_DEFAULT = 1;

const STORED_PERSONS_DEFAULT = 1_000_000;
const RATE_DEFAULT = 5_000;
const KILLS_DEFAULT = 3;
const SESSION_TIMEOUT_MS_DEFAULT = 10_000;
const SESSION_TIMEOUT_MS_MIN = 1_000;

export async function bench(args: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = args;
  switch (name) {
    case "decide":
      return benchDecide(rest);
    case "pipeline":
      return benchWhole(rest);
    case "sink":
      return benchSink(rest, progress);
    case "console":
      return benchConsole(rest, progress);
    case "recover":
      return benchRecover(rest);
    case "--help":
      console.log(BENCH_USAGE);
      return ExitStatus.DONE;
    default:
      throw new UsageError(
        `expected 'bench decide', 'bench pipeline', 'bench sink', 'bench console' or 'bench recover'\n\n${BENCH_USAGE}`,
      );
  }
}

async function benchDecide(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      persons: { type: "string" },
      events: { type: "string" },
      rounds: { type: "string" },
      peers: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(BENCH_USAGE);
    return ExitStatus.DONE;
  }
  const sizes = (values.persons ?? PERSONS_DEFAULT).split(",").map((text) => whole("--persons", text, 1000));
  const events = whole("--events", values.events ?? String(EVENTS_DEFAULT), EVENTS_MIN);
  const rounds = whole("--rounds", values.rounds ?? String(ROUNDS_DEFAULT), 1);
  const comparisons: ((Comparison & { readonly besidePeers?: PeersComparison }) | Scale)[] = [];
  for (const persons of sizes) {
    if (persons > COMPARED_PERSONS_MAX) {
      const scaled = await scale({ persons, events, rounds }, progress);
      comparisons.push(scaled);
      if (values.json !== true) console.log(`${scaleText(scaled)}\n`);
      continue;
    }
    const comparison = await compare({ persons, events, rounds }, progress);
    // A million persons take minutes: what is known is shown.
    if (values.json !== true) console.log(`${table(comparison)}\n`);
    const besidePeers =
      values.peers === true ? await comparePeers({ persons, events, rounds }, progress) : undefined;
    if (values.json !== true && besidePeers !== undefined) console.log(`${peersText(besidePeers)}\n`);
    comparisons.push(besidePeers === undefined ? comparison : { ...comparison, besidePeers });
  }
  if (values.json === true) console.log(JSON.stringify(comparisons, null, 2));
  return ExitStatus.DONE;
}

async function benchWhole(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: "string" },
      rates: { type: "string" },
      seconds: { type: "string" },
      persons: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(BENCH_USAGE);
    return ExitStatus.DONE;
  }
  const { profile = "embedded" } = values;
  if (profile !== "embedded") throw new UsageError(`--profile ${profile}: expected 'embedded'`);
  const rates = (values.rates ?? RATES_DEFAULT).split(",").map((text) => whole("--rates", text, 1));
  const seconds = whole("--seconds", values.seconds ?? String(SECONDS_DEFAULT), 1);
  const persons = whole("--persons", values.persons ?? String(SWIPERS_DEFAULT), SWIPERS_MIN);
  const seed = whole("--seed", values.seed ?? String(SEED_DEFAULT), 0);
  const report = await benchPipeline({ profile, rates, seconds, persons, seed }, progress);
  console.log(values.json === true ? JSON.stringify(report, null, 2) : pipelineText(report));
  return ExitStatus.DONE;
}

async function benchRecover(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      persons: { type: "string" },
      rate: { type: "string" },
      kills: { type: "string" },
      "session-timeout-ms": { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(BENCH_USAGE);
    return ExitStatus.DONE;
  }
  const number = (
    name: "persons" | "rate" | "kills" | "session-timeout-ms",
    otherwise: number,
    min: number,
  ) => whole(`--${name}`, values[name] ?? String(otherwise), min);
  const options = {
    persons: number("persons", STORED_PERSONS_DEFAULT, 1_000),
    rate: number("rate", RATE_DEFAULT, 1),
    kills: number("kills", KILLS_DEFAULT, 1),
    sessionTimeoutMs: number("session-timeout-ms", SESSION_TIMEOUT_MS_DEFAULT, SESSION_TIMEOUT_MS_MIN),
  };
  const servers = serversOf(process.env);
  if (servers === null) return (await againWithServers()) === 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  const report = await measureRecovery(servers, options, progress);
  const bounds = boundsOf(report);
  console.log(values.json === true ? JSON.stringify({ ...report, bounds }, null, 2) : reportText(report));
  const isHeld = bounds.firstSwipe.isHeld && bounds.fullSpeed.isHeld && report.checked.findings.length === 0;
  return isHeld ? ExitStatus.DONE : ExitStatus.FAILED;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function whole(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min)
    throw new UsageError(`${name} ${text}: expected a whole number of at least ${min}`);
  return value;
}

function table(comparison: Comparison): string {
  const { persons, rounds, events } = comparison;
  const { plainNode, kadun, kadunBatch, kadunFull } = comparison;
  return [
    `${persons} persons, ${events} swipes a process and key order, ${rounds} rounds, ${conditionsText(comparison)}`,
    "decisions equal by hash, in both key orders",
    "",
    "| side | decisions/s | ns mean | ns median | p50 µs | p99 µs | p99.9 µs | longest GC ms | RSS MB | bytes a person |",
    "|---|---|---|---|---|---|---|---|---|---|",
    row("plain Node", plainNode.producerOrder),
    row("Kadun", kadun.producerOrder),
    row(`Kadun, ${GROUP_MAX} messages at a time`, kadunBatch.producerOrder),
    row("plain Node, shuffled keys", plainNode.shuffledKeys),
    row("Kadun, shuffled keys", kadun.shuffledKeys),
    row(`Kadun, ${GROUP_MAX} at a time, shuffled keys`, kadunBatch.shuffledKeys),
    row("Kadun, default rules, the job's answer", kadunFull.producerOrder),
    row("Kadun, default rules, whole outcome", comparison.kadunWholeOutcome),
    "",
    `Decisions/s against plain Node: ${times(comparison.ratio)};`,
    `with shuffled keys on both sides ${times(comparison.ratioShuffledKeys)};`,
    `${GROUP_MAX} messages at a time ${times(comparison.ratioBatch)};`,
    `the default rules against the job's five ${times(comparison.shareFull)}`,
  ].join("\n");
}

function times({ median, rounds }: Ratio): string {
  return `${median} times (rounds ${rounds.join(", ")})`;
}

function row(name: string, figures: Figures): string {
  const cells = [
    figures.decisionsPerSecond,
    figures.nsMean,
    figures.nsMedian,
    figures.p50Us,
    figures.p99Us,
    figures.p999Us,
    figures.gcLongestMs,
    figures.rssMb,
    figures.bytesPerPerson ?? "–",
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}
