/**
 * The load in a process of its own, so that its work is not counted as the server's: `fork`ed with a seed and a number
 * of persons, it runs one load after another as it is told (load-protocol.ts) and ends with its channel.
 *
 * All requests of a load are made before the first is sent: while it sends, it only writes and reads.
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import { Random } from "../city/random.js";
import { pausesOf, watchCollector } from "../load/collector-pauses.js";
import { AnswerCounter } from "./answer-counter.js";
import { poissonArrivals } from "./arrival-schedule.js";
import type { LoadReply, LoadRequest, LoadResult } from "./load-protocol.js";
import { runOpenLoop } from "./open-loop.js";
import { SettleGenerator } from "./settle-generator.js";

const ARRIVALS_STREAM = 8;
/** Enough for 2,000/s at 30 ms without opening one under load. */
const CONNECTIONS_MIN = 64;
/** Below what the gateway lets wait (4,000): the limit measured is not this one. */
const CONNECTIONS_MAX = 2000;
/** Longer than the time limit of an authorization with its stand-in. */
const PATIENCE_MS = 5000;
/** Making a request takes some 20 µs; the swipes in it carry the time at which they will be sent. */
const MAKING_MS = 0.03;

const [seed, persons] = process.argv.slice(2).map(Number);
if (seed === undefined || persons === undefined)
  throw new Error("expected the seed and the number of persons");
const settles = new SettleGenerator({ seed, persons });
const random = Random.derived(seed, ARRIVALS_STREAM, 0);

async function run({ url, path, apiKey, ratePerSecond, seconds }: LoadRequest): Promise<LoadResult> {
  const { hostname, port, host } = new URL(url);
  const dueMs = poissonArrivals(random, ratePerSecond, seconds);
  const startsAtMs = Date.now() + dueMs.length * MAKING_MS;
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json\r\ncontent-length: `;
  let bodyBytes = 0;
  const frames = Array.from(dueMs, (ms) => {
    const body = settles.next(Math.floor(startsAtMs + ms));
    const length = Buffer.byteLength(body);
    bodyBytes += length;
    return Buffer.from(`${head}${length}\r\n\r\n${body}`);
  });
  await untilMs(startsAtMs);
  const counter = new AnswerCounter();
  const collector = watchCollector();
  const before = process.cpuUsage();
  const result = await runOpenLoop({
    host: hostname,
    port: Number(port),
    dueMs,
    frames,
    connectionsMin: CONNECTIONS_MIN,
    connectionsMax: CONNECTIONS_MAX,
    patienceMs: PATIENCE_MS,
    onBody: counter.take,
  });
  const { user, system } = process.cpuUsage(before);
  await nextTurn();
  return {
    rate: ratePerSecond,
    ...result,
    ...counter.counts(),
    bodyBytesMean: Math.round(bodyBytes / Math.max(1, frames.length)),
    generatorCpuSeconds: (user + system) / 1e6,
    generatorPauses: pausesOf(collector.end()),
  };
}

function untilMs(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())));
}

function reply(message: LoadReply): void {
  process.send?.(message);
}

process.on("message", (request: LoadRequest) => {
  run(request).then(
    (result) => reply({ type: "result", result }),
    (error: unknown) =>
      reply({ type: "failed", message: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
reply({ type: "ready" });
