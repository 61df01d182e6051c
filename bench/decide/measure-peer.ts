/**
 * One peer of the measurement in a process of its own: `node --expose-gc measure-peer.js PEER PERSONS EVENTS` prints one
 * JSON line of PeerFigures. Filled, warmed up (those decisions are hashed, and equal to those of measure.ts) and timed as
 * measure.ts does it, keys in the producer's order; a peer that answers with a promise is awaited before it gets the next message.
 */

import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inlineMore } from "../../platform/lifecycle/inlining.js";
import { PEER_NAMES, PEERS, type PeerName } from "../peers/in-process/peers.js";
import type { Peer } from "../peers/in-process/rule-peer.js";
import { SwipeGenerator } from "../swipe-5/generator.js";
import { collected } from "./collected.js";
import { ourTurn, pieceEnds } from "./turns.js";
import { CHUNK, warmUpNowMs, warmUpOf } from "./warm-up.js";

export interface PeerFigures {
  readonly peer: PeerName;
  readonly decisionsPerSecond: number;
  /** Processor time a decision, of all threads. */
  readonly nsCpu: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly rssMb: number;
}

const LEAD_IN_SHARE = 0.1;
const THROUGHPUT_SHARE = 0.8;

async function measure(name: PeerName, persons: number, events: number): Promise<PeerFigures> {
  const peer = await PEERS[name].open(persons);
  const generator = filled(peer, persons);
  const messages = Array.from({ length: events }, () => Buffer.from(JSON.stringify(generator.next())));
  const warm = warmUpOf(events);
  const begin = warm + Math.floor((events * LEAD_IN_SHARE) / CHUNK) * CHUNK;
  const end = begin + Math.floor(((events - begin) * THROUGHPUT_SHARE) / CHUNK) * CHUNK;
  await ourTurn();
  await ourTurn(await hashOf(peer, messages.slice(0, warm)));
  await collected();
  await ourTurn();
  await decide(peer, messages, warm, begin);
  await ourTurn();
  const before = process.cpuUsage();
  let milliseconds = 0;
  let from = begin;
  for (const pieceEnd of pieceEnds(begin, end, CHUNK)) {
    if (from > begin) await ourTurn();
    const startedAt = performance.now();
    await decide(peer, messages, from, pieceEnd);
    milliseconds += performance.now() - startedAt;
    from = pieceEnd;
  }
  const { user, system } = process.cpuUsage(before);
  await ourTurn();
  const latencyUs = await latencies(peer, messages.slice(end));
  return {
    peer: name,
    decisionsPerSecond: Math.round(((end - begin) * 1000) / milliseconds),
    nsCpu: Math.round(((user + system) * 1000) / (end - begin)),
    p50Us: quantile(latencyUs, 0.5),
    p99Us: quantile(latencyUs, 0.99),
    rssMb: Math.round(process.memoryUsage().rss / 1_048_576),
  };
}

async function decide(peer: Peer, messages: readonly Buffer[], from: number, end: number): Promise<void> {
  for (let start = from; start < end; start += CHUNK) {
    for (let index = start; index < start + CHUNK; index++) {
      const answer = peer.handle(messages[index]!, Date.now());
      // To await what is there already would cost as much as the rules.
      if (answer instanceof Promise) await answer;
    }
    await nextTurn();
  }
}

/** Everybody once, then half of them again. */
function filled(peer: Peer, persons: number): SwipeGenerator {
  const again = Math.trunc(persons / 2);
  const generator = new SwipeGenerator(persons, { leadSwipes: persons + again });
  for (let i = 0; i < persons + again; i++) peer.ingest(generator.next(i < persons ? i : undefined));
  generator.endBurst();
  return generator;
}

/** SHA-256 of their decisions. */
async function hashOf(peer: Peer, messages: readonly Buffer[]): Promise<string> {
  const hash = createHash("sha256");
  for (const [index, message] of messages.entries())
    hash.update(await peer.handle(message, warmUpNowMs(index)));
  return hash.digest("hex");
}

async function latencies(peer: Peer, messages: readonly Buffer[]): Promise<Float64Array> {
  const microseconds = new Float64Array(messages.length);
  for (const [index, message] of messages.entries()) {
    const began = process.hrtime.bigint();
    const answer = peer.handle(message, Date.now());
    if (answer instanceof Promise) await answer;
    microseconds[index] = Number(process.hrtime.bigint() - began) / 1000;
    if (index % CHUNK === 0) await nextTurn();
  }
  return microseconds.sort();
}

function quantile(sorted: Float64Array, share: number): number {
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1));
}

inlineMore();
await ourTurn();
const [name, persons, events] = process.argv.slice(2);
const peerName = PEER_NAMES.find((each) => each === name);
if (peerName === undefined) throw new Error(`unknown peer '${name}'; known: ${PEER_NAMES.join(", ")}`);
console.log(JSON.stringify(await measure(peerName, Number(persons), Number(events))));
process.exit(0);
