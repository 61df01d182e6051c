/**
 * One side of the measurement in a process of its own: `node --expose-gc measure.js SIDE PERSONS EVENTS ORDER MODE`.
 * ORDER is `producer` or `shuffled` (keys of each message, seeded). MODE `verify` prints a hash of all decisions,
 * `measure` one JSON line of figures. Throughput is timed in chunks, then latency call by call.
 */

import { createHash } from "node:crypto";
import { PerformanceObserver, performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { loadBundle } from "../../cli/bundle-files.js";
import { filledGenerator, SIDES, type Side, type SideName, sideOf } from "./sides.js";

export interface Figures {
  readonly side: SideName;
  readonly decisionsPerSecond: number;
  readonly nsMean: number;
  readonly nsMedian: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  readonly gcLongestMs: number;
  readonly gcShare: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Records and index; null for a side that keeps objects. */
  readonly bytesPerPerson: number | null;
}

const CHUNK = 500;
const WARM_UP_SHARE = 0.2;
const WARM_UP_MAX = 40_000;
const THROUGHPUT_SHARE = 0.6;
/** Decisions carry the time; the same one everywhere makes them comparable. */
const VERIFY_NOW_MS = 1_793_500_000_000;
const SHUFFLE_SEED = 7;

type Messages = readonly Buffer[];

function messagesOf(
  side: Side,
  generator: ReturnType<typeof filledGenerator>,
  events: number,
  shuffled: boolean,
): Messages {
  const shuffle = shuffled ? shuffler(SHUFFLE_SEED) : null;
  return Array.from({ length: events }, () => side.message(generator.next(), shuffle));
}

/** Seeded Fisher–Yates. */
function shuffler(seed: number): (keys: string[]) => string[] {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return (keys) => {
    for (let i = keys.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [keys[i], keys[j]] = [keys[j]!, keys[i]!];
    }
    return keys;
  };
}

function verify(side: Side, messages: Messages): string {
  const hash = createHash("sha256");
  for (const message of messages) hash.update(side.handle(message, VERIFY_NOW_MS));
  return hash.digest("hex");
}

async function measure(name: SideName, side: Side, messages: Messages, persons: number): Promise<Figures> {
  const messageBytes = messages.reduce((sum, message) => sum + message.length, 0);
  const collector = watchCollector();
  const warm = Math.floor(Math.min(messages.length * WARM_UP_SHARE, WARM_UP_MAX) / CHUNK) * CHUNK;
  const throughputEnd = warm + Math.floor(((messages.length - warm) * THROUGHPUT_SHARE) / CHUNK) * CHUNK;
  await chunks(side, messages.slice(0, warm));
  globalThis.gc?.();
  await nextTurn();
  collector.reset();
  const chunkNs = await chunks(side, messages.slice(warm, throughputEnd));
  const latencyNs = await calls(side, messages.slice(throughputEnd));
  await nextTurn();
  const totalNs = sum(chunkNs) * CHUNK;
  const nsMean = sum(chunkNs) / chunkNs.length;
  const memory = process.memoryUsage();
  const held = side.bytesHeld();
  return {
    side: name,
    decisionsPerSecond: Math.round(1e9 / nsMean),
    nsMean: Math.round(nsMean),
    nsMedian: Math.round(quantile(chunkNs, 0.5)),
    p50Us: microseconds(quantile(latencyNs, 0.5)),
    p99Us: microseconds(quantile(latencyNs, 0.99)),
    p999Us: microseconds(quantile(latencyNs, 0.999)),
    maxUs: microseconds(quantile(latencyNs, 1)),
    gcLongestMs: Number(collector.longestMs().toFixed(1)),
    gcShare: Number(((collector.totalMs() * 1e6) / (totalNs + sum(latencyNs))).toFixed(3)),
    rssMb: megabytes(memory.rss - messageBytes),
    heapMb: megabytes(memory.heapUsed),
    bytesPerPerson: held === null ? null : Math.round(held / persons),
  };
}

/** Nanoseconds a decision, chunk by chunk. */
async function chunks(side: Side, messages: Messages): Promise<number[]> {
  const nanoseconds: number[] = [];
  let answered = 0;
  for (let start = 0; start + CHUNK <= messages.length; start += CHUNK) {
    const from = performance.now();
    for (let i = start; i < start + CHUNK; i++) answered += side.handle(messages[i]!, Date.now()).length;
    nanoseconds.push(((performance.now() - from) * 1e6) / CHUNK);
    await nextTurn();
  }
  if (messages.length >= CHUNK && answered === 0) throw new Error("no decision was written");
  return nanoseconds;
}

async function calls(side: Side, messages: Messages): Promise<number[]> {
  const nanoseconds: number[] = [];
  for (const [index, message] of messages.entries()) {
    const from = process.hrtime.bigint();
    side.handle(message, Date.now());
    nanoseconds.push(Number(process.hrtime.bigint() - from));
    if (index % CHUNK === 0) await nextTurn();
  }
  return nanoseconds;
}

function watchCollector() {
  let longest = 0;
  let total = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      longest = Math.max(longest, duration);
      total += duration;
    }
  }).observe({ entryTypes: ["gc"] });
  return {
    reset: () => {
      longest = 0;
      total = 0;
    },
    longestMs: () => longest,
    totalMs: () => total,
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const microseconds = (ns: number) => Number((ns / 1000).toFixed(1));
const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);

const [name, persons, events, order, mode] = process.argv.slice(2);
const sideName = SIDES.find((each) => each === name);
if (sideName === undefined) throw new Error(`unknown side '${name}'; known: ${SIDES.join(", ")}`);
const side = sideOf(sideName, Number(persons), loadBundle());
const messages = messagesOf(
  side,
  filledGenerator(side, Number(persons)),
  Number(events),
  order === "shuffled",
);
globalThis.gc?.();
console.log(
  mode === "verify"
    ? verify(side, messages)
    : JSON.stringify(await measure(sideName, side, messages, Number(persons))),
);
process.exit(0);
