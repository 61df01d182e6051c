/**
 * One side of the measurement in a process of its own: `node --expose-gc measure.js SIDE PERSONS EVENTS` prints one
 * JSON line of SideFigures. The keys of messages stand first in the producer's order, then shuffled (seeded): a
 * program that depends on the order has not seen another before its first figures are taken.
 *
 * Of each order: warm-up, whose decisions are hashed; a collection; a lead-in, in which the engine compiles once more what is
 * called in another way; then throughput in chunks; then latency call by call. Where several sides are measured beside each
 * other they take turns on the way (turns.ts), at throughput many.
 */

import { createHash, type Hash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { loadBundle } from "../../cli/bundle-files.js";
import { inlineMore } from "../../platform/lifecycle/inlining.js";
import { watchCollector } from "../load/collector-pauses.js";
import type { SwipeGenerator } from "../swipe-5/generator.js";
import type { AnswerSink } from "../swipe-5/swipe-5.js";
import { collected } from "./collected.js";
import { Messages } from "./messages.js";
import { filledGenerator, SIDES, type Side, type SideName, sideOf } from "./sides.js";
import { ourTurn, pieceEnds } from "./turns.js";
import { CHUNK, warmUpNowMs, warmUpOf } from "./warm-up.js";

export interface Figures {
  readonly side: SideName;
  readonly decisionsPerSecond: number;
  readonly nsMean: number;
  /** Processor time a decision, of all threads: what ratios are formed from. Other programs take none of it. */
  readonly nsCpu: number;
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
  /** The longest call that took a swipe in while the side was filled, pauses of the collector included. */
  readonly fillLongestMs: number;
  /** SHA-256 of the warm-up's decisions: equal on every side that does the job. */
  readonly decisionsHash: string;
}

export interface SideFigures {
  readonly producerOrder: Figures;
  readonly shuffledKeys: Figures;
}

const LEAD_IN_OF_WARM_UP = 0.5;
const THROUGHPUT_SHARE = 0.6;
const SHUFFLE_SEED = 7;

function messagesOf(side: Side, generator: SwipeGenerator, events: number, shuffled: boolean): Messages {
  const shuffle = shuffled ? shuffler(SHUFFLE_SEED) : null;
  return new Messages(events, () => side.message(generator.next(), shuffle));
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

async function measure(
  name: SideName,
  side: Side,
  messages: Messages,
  filled: { persons: number; longestMs: number },
): Promise<Figures> {
  const { count } = messages;
  const warm = warmUpOf(count);
  const begin = warm + Math.floor((warm * LEAD_IN_OF_WARM_UP) / CHUNK) * CHUNK;
  const throughputEnd = begin + Math.floor(((count - begin) * THROUGHPUT_SHARE) / CHUNK) * CHUNK;
  const run = new Run(side, messages);
  // Turns of their own: who had to wait for others' long ones would have been collected, and code let go, meanwhile.
  await ourTurn();
  const decisionsHash = run.warmUp(warm);
  await ourTurn(decisionsHash);
  await collected();
  await ourTurn();
  await run.chunks(warm, begin);
  const collector = watchCollector();
  await ourTurn();
  const cpuBefore = process.cpuUsage();
  const chunkNs: number[] = [];
  let from = begin;
  for (const end of pieceEnds(begin, throughputEnd, CHUNK)) {
    if (from > begin) await ourTurn();
    chunkNs.push(...(await run.chunks(from, end)));
    from = end;
  }
  // What threads of the process do while others have their turns is its own too.
  const cpu = process.cpuUsage(cpuBefore);
  await ourTurn();
  const latencyNs = await calls(side, messages, throughputEnd);
  await nextTurn();
  const pausesMs = collector.pausesMs();
  const totalNs = sum(chunkNs) * CHUNK;
  const nsMean = sum(chunkNs) / chunkNs.length;
  const memory = process.memoryUsage();
  const held = side.bytesHeld();
  return {
    side: name,
    decisionsPerSecond: Math.round(1e9 / nsMean),
    nsMean: Math.round(nsMean),
    nsCpu: Math.round(((cpu.user + cpu.system) * 1000) / (chunkNs.length * CHUNK)),
    nsMedian: Math.round(quantile(chunkNs, 0.5)),
    p50Us: microseconds(quantile(latencyNs, 0.5)),
    p99Us: microseconds(quantile(latencyNs, 0.99)),
    p999Us: microseconds(quantile(latencyNs, 0.999)),
    maxUs: microseconds(quantile(latencyNs, 1)),
    gcLongestMs: Number(Math.max(0, ...pausesMs).toFixed(1)),
    gcShare: Number(((sum(pausesMs) * 1e6) / (totalNs + sum(latencyNs))).toFixed(3)),
    rssMb: megabytes(memory.rss - messages.byteLength),
    heapMb: megabytes(memory.heapUsed),
    bytesPerPerson: held === null ? null : Math.round(held / filled.persons),
    fillLongestMs: filled.longestMs,
    decisionsHash,
  };
}

/**
 * Warm-up and throughput, which take messages in the same way, with the same clock and the same sink: had they sinks of
 * their own, the engine would have to compile the sides anew in the timed part.
 */
class Run {
  private hash: Hash | null = null;
  private answeredBytes = 0;
  private hashedNowMs = 0;
  private readonly now = () => {
    const nowMs = Date.now();
    return this.hash === null ? nowMs : this.hashedNowMs;
  };
  private readonly sink: AnswerSink = (bytes, start, end) => {
    this.answeredBytes += end - start;
    if (this.hash !== null) this.hash.update(bytes.subarray(start, end));
  };

  constructor(
    private readonly side: Side,
    private readonly messages: Messages,
  ) {}

  /** SHA-256 of the decisions on the first `end` messages. */
  warmUp(end: number): string {
    const hash = createHash("sha256");
    this.hash = hash;
    for (let start = 0; start < end; start += CHUNK) {
      this.hashedNowMs = warmUpNowMs(start);
      this.chunk(start);
    }
    this.hash = null;
    return hash.digest("hex");
  }

  /** Nanoseconds a decision, chunk by chunk. */
  async chunks(from: number, end: number): Promise<number[]> {
    const nanoseconds: number[] = [];
    this.answeredBytes = 0;
    for (let start = from; start < end; start += CHUNK) {
      const began = performance.now();
      this.chunk(start);
      nanoseconds.push(((performance.now() - began) * 1e6) / CHUNK);
      await nextTurn();
    }
    if (end > from && this.answeredBytes === 0) throw new Error("no decision was written");
    return nanoseconds;
  }

  private chunk(start: number): void {
    this.side.handleBatch(this.messages, start, start + CHUNK, this.now, this.sink);
  }
}

async function calls(side: Side, messages: Messages, from: number): Promise<Float64Array> {
  const nanoseconds = new Float64Array(messages.count - from);
  const sink: AnswerSink = () => {};
  for (let index = from; index < messages.count; index++) {
    const began = process.hrtime.bigint();
    side.handle(messages, index, Date.now(), sink);
    nanoseconds[index - from] = Number(process.hrtime.bigint() - began);
    if (index % CHUNK === 0) await nextTurn();
  }
  return nanoseconds;
}

function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

const microseconds = (ns: number) => Number((ns / 1000).toFixed(1));
const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);

async function measureBoth(name: SideName, persons: number, events: number): Promise<SideFigures> {
  await ourTurn();
  const side = sideOf(name, persons, loadBundle());
  const { generator, longestMs } = filledGenerator(side, persons);
  const one = async (shuffled: boolean) => {
    const messages = messagesOf(side, generator, events, shuffled);
    return measure(name, side, messages, { persons, longestMs });
  };
  return { producerOrder: await one(false), shuffledKeys: await one(true) };
}

// For every side: a detector has it, and plain Node could.
inlineMore();
const [name, persons, events] = process.argv.slice(2);
const sideName = SIDES.find((each) => each === name);
if (sideName === undefined) throw new Error(`unknown side '${name}'; known: ${SIDES.join(", ")}`);
console.log(JSON.stringify(await measureBoth(sideName, Number(persons), Number(events))));
process.exit(0);
