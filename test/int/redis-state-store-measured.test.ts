/** What the Redis store costs, printed: beside a plain HSET and HMGET of the same bytes over the same library. */

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { stateKeys } from "../../platform/state-store/redis/state-keys.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import { addresses } from "../support/servers/addresses.js";

const RECORDS = 1_000;
/** 900 of them fill a put of half a megabyte; see the port's limits. */
const RECORDS_A_PUT = 900;
const VALUE_BYTES = 550;
const ROUNDS = 40;

const keyPrefix = `kadun-test-${randomBytes(8).toString("hex")}`;
const entries = Array.from({ length: RECORDS }, () => ({
  key: randomBytes(16).toString("hex"),
  value: randomBytes(VALUE_BYTES),
}));
let store: StateStore;
let plain: Redis;

beforeAll(async () => {
  store = await openRedisStateStore({ url: addresses().redis, keyPrefix });
  plain = new Redis(addresses().redis);
});
afterAll(async () => {
  await plain.unlink(...Object.values(stateKeys(keyPrefix, 0)));
  plain.disconnect();
  await store.close();
});

test(`puts and loads of ${RECORDS} values of ${VALUE_BYTES} bytes`, async () => {
  const owner = await store.acquire(0, "a");
  const fields = entries.map(({ key }) => Buffer.from(key, "hex"));
  const pairs = entries.flatMap(({ value }, index) => [fields[index]!, value]);
  const hash = `${keyPrefix}-plain`;
  const put = await microseconds(async () => {
    await owner.put(entries.slice(0, RECORDS_A_PUT));
    await owner.put(entries.slice(RECORDS_A_PUT));
  });
  const hset = await microseconds(() => plain.callBuffer("HSET", hash, ...pairs));
  const load = await microseconds(() => owner.load(entries.map(({ key }) => key)));
  const hmget = await microseconds(() => plain.callBuffer("HMGET", hash, ...fields));
  await plain.unlink(hash);
  process.stdout.write(
    `put ${line(put, hset)} a plain HSET; load ${line(load, hmget)} a plain HMGET; median of ${ROUNDS}\n`,
  );
  expect((await owner.load([entries[7]!.key]))[0]).toEqual(entries[7]!.value);
});

/** Median of a value, of the client's whole round trip. */
async function microseconds(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.hrtime.bigint();
    await run();
    times.push(Number(process.hrtime.bigint() - began) / 1_000 / RECORDS);
  }
  return times.sort((a, b) => a - b)[ROUNDS / 2]!;
}

function line(own: number, plainly: number): string {
  return `${own.toFixed(2)} µs a value, ${(own / plainly).toFixed(2)} times`;
}
