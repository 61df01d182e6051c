/**
 * The load in a process of its own: most swipes as NDJSON that nobody waits for, some as authorizations that are sent when
 * they are due and wait. `fork`ed with a seed and a number of persons; runs one load and ends with its channel.
 */

import { writeFileSync } from "node:fs";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { Random } from "../city/random.js";
import { poissonArrivals } from "../pipeline/arrival-schedule.js";
import { runOpenLoop } from "../pipeline/open-loop.js";
import { SettleGenerator } from "../pipeline/settle-generator.js";
import { BULK_REQUESTS_MAX, BulkSender } from "./bulk-sender.js";
import type { LoadDone, LoadOrder, LoadSays } from "./load-messages.js";

const ARRIVALS_STREAM = 9;
const CONNECTIONS_MIN = 64;
const CONNECTIONS_MAX = 1000;
/** Longer than the time limit of an authorization with its stand-in. */
const PATIENCE_MS = 5000;
/** Making a request takes some 20 µs; the swipes in it carry the time at which they will be sent. */
const MAKING_MS = 0.03;
const TIMEOUT_MS = 20_000;
const EVENT_ID = /"eventId":"([^"]+)"/;

const [seed, persons] = process.argv.slice(2).map(Number);
if (seed === undefined || persons === undefined)
  throw new Error("expected the seed and the number of persons");
const settles = new SettleGenerator({ seed, persons });

async function run(order: LoadOrder): Promise<LoadDone> {
  const { url, apiKey, seconds, swipesPerSecond, authorizationsPerSecond, acceptedPath } = order;
  const { hostname, port, host } = new URL(url);
  const dueMs = poissonArrivals(Random.derived(seed!, ARRIVALS_STREAM, 0), authorizationsPerSecond, seconds);
  const startsAtMs = Date.now() + dueMs.length * MAKING_MS;
  const head = `POST /v1/authorizations HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json\r\ncontent-length: `;
  const bodies = Array.from(dueMs, (ms) => settles.next(Math.floor(startsAtMs + ms)));
  const frames = bodies.map((body) => Buffer.from(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`));
  const accepted: string[] = [];
  const client = new HttpClient({ url, apiKey, connectionsMax: BULK_REQUESTS_MAX, timeoutMs: TIMEOUT_MS });
  const bulk = new BulkSender({
    client,
    perSecond: swipesPerSecond - authorizationsPerSecond,
    seconds,
    nextLine: () => settles.next(Date.now()),
    onAccepted: (lines) => {
      for (const line of lines) accepted.push(eventIdOf(line));
    },
  });
  const latencies: [number, number][] = [];
  let beganAtMs = 0;
  try {
    const [authorizations, counts] = await Promise.all([
      runOpenLoop({
        host: hostname,
        port: Number(port),
        dueMs,
        frames,
        connectionsMin: CONNECTIONS_MIN,
        connectionsMax: CONNECTIONS_MAX,
        patienceMs: PATIENCE_MS,
        onStart: () => {
          beganAtMs = Date.now();
          say({ type: "started" });
        },
        onLatency: (request, latencyMs) => {
          latencies.push([beganAtMs + dueMs[request]!, latencyMs]);
          accepted.push(eventIdOf(bodies[request]!));
        },
      }),
      bulk.run(),
    ]);
    const tookSeconds = Math.max(seconds, (Date.now() - beganAtMs) / 1000);
    writeFileSync(acceptedPath, accepted.join("\n"));
    return { authorizations, latencies, bulk: counts, seconds: tookSeconds };
  } finally {
    client.close();
  }
}

function eventIdOf(line: string): string {
  return EVENT_ID.exec(line)![1]!;
}

function say(message: LoadSays): void {
  process.send?.(message);
}

process.on("message", (order: LoadOrder) => {
  run(order).then(
    (done) => say({ type: "done", done }),
    (error: unknown) => say({ type: "failed", message: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
say({ type: "ready" });
