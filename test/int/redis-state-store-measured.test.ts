/**
 * What the Redis store costs, printed: processor time of client and server for each value, beside plain commands of the same
 * bytes over the same library (docs/decisions/0011).
 */

import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { stateKeys } from "../../platform/state-store/redis/state-keys.js";
import { PUT_BYTES_MAX, PUT_RECORDS_MAX, type StateStore } from "../../platform/state-store/state-store.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const VALUE_BYTES = [512, 1_024];
const PERSONS = 5_000;
const ROUNDS = 5;

const keyPrefix = `kadun-test-${randomBytes(8).toString("hex")}`;
/** As puts were before: every value through the arguments of a script. */
const THROUGH_A_SCRIPT = "redis.call('HSET', KEYS[1], unpack(ARGV)) return 1";
const SHA = createHash("sha1").update(THROUGH_A_SCRIPT).digest("hex");
let server: RedisServer;
let store: StateStore;
let plain: Redis;

beforeAll(async () => {
  // Nobody else's work is in its processor time.
  server = await startRedis();
  store = await openRedisStateStore({ url: server.url, keyPrefix });
  plain = new Redis(server.url);
  await plain.script("LOAD", THROUGH_A_SCRIPT);
});
afterAll(async () => {
  plain.disconnect();
  await store.close();
  await server.close();
});

test.each(VALUE_BYTES)("puts and loads of values of %i bytes, in full chunks", async (valueBytes) => {
  const owner = await store.acquire(0, "a");
  const aPut = Math.min(PUT_RECORDS_MAX, Math.floor(PUT_BYTES_MAX / valueBytes));
  const entries = Array.from({ length: PERSONS - (PERSONS % aPut) }, () => ({
    key: randomBytes(16).toString("hex"),
    value: randomBytes(valueBytes),
  }));
  const chunks = Array.from({ length: entries.length / aPut }, (_, at) =>
    entries.slice(at * aPut, (at + 1) * aPut),
  );
  const pairsOf = (chunk: typeof entries) =>
    chunk.flatMap(({ key, value }) => [Buffer.from(key, "hex"), value]);
  const each = async (run: (chunk: typeof entries) => Promise<unknown>) => {
    for (const chunk of chunks) await run(chunk);
  };
  const ways = {
    put: () => each((chunk) => owner.put(chunk)),
    "the same HSET by the library": () =>
      each((chunk) => plain.callBuffer("HSET", "plain", ...pairsOf(chunk))),
    "and through a script": () =>
      each((chunk) => plain.callBuffer("EVALSHA", SHA, "1", "script", ...pairsOf(chunk))),
    load: () => each((chunk) => owner.load(chunk.map(({ key }) => key))),
    "HMGET by the library": () =>
      each((chunk) =>
        plain.callBuffer(
          "HMGET",
          stateKeys(keyPrefix, 0).values,
          ...chunk.map(({ key }) => Buffer.from(key, "hex")),
        ),
      ),
  };
  const costs = new Map(Object.keys(ways).map((name) => [name, [] as Cost[]]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, run] of Object.entries(ways)) {
      const cost = await costOf(run, entries.length);
      // The first round fills the hashes.
      if (round > 0) costs.get(name)!.push(cost);
    }
  const lines = [...costs].map(
    ([name, of]) => `${name}: ${medianUs(of, "client")} + ${medianUs(of, "server")}`,
  );
  process.stdout.write(
    `values of ${valueBytes} bytes, ${aPut} a put; µs of client + server a value, medians of ${ROUNDS}\n${lines.join("\n")}\n`,
  );
  expect(Buffer.from((await owner.load([entries[7]!.key]))[0]!).equals(entries[7]!.value)).toBe(true);
});

interface Cost {
  readonly client: number;
  readonly server: number;
}

/** Microseconds a value. */
async function costOf(run: () => Promise<unknown>, values: number): Promise<Cost> {
  const serverBefore = await serverMicroseconds();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { client: (user + system) / values, server: ((await serverMicroseconds()) - serverBefore) / values };
}

async function serverMicroseconds(): Promise<number> {
  const info = await plain.info("cpu");
  const seconds = ["used_cpu_user", "used_cpu_sys"].map((name) =>
    Number(new RegExp(`${name}:([0-9.]+)`).exec(info)?.[1]),
  );
  return seconds.reduce((sum, each) => sum + each * 1e6, 0);
}

function medianUs(costs: readonly Cost[], side: keyof Cost): string {
  const sorted = costs.map((cost) => cost[side]).sort((one, other) => one - other);
  return sorted[sorted.length >> 1]!.toFixed(2);
}
