/** The comparison's own check on live servers (docs/comparison.md): what Kadun's workers write is what plain Node decides. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Broker } from "../../bench/end-to-end/broker.js";
import { ExpectedDecisions } from "../../bench/end-to-end/decision-check.js";
import { ENGINES } from "../../bench/end-to-end/engines/engines.js";
import { verify } from "../../bench/end-to-end/verify.js";
import { addresses } from "../support/servers/addresses.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const STREAM = { persons: 500, seed: 11, events: 5_000 };
const CARD_STATUS = "comparison-card-status";
const SWIPES = "comparison-swipes";

let broker: Broker;
/** Its own: the comparison empties it. */
let redis: RedisServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "comparison-"));
  [broker, redis] = await Promise.all([Broker.open(addresses().kafka), startRedis()]);
});

afterAll(async () => {
  await broker.delete([SWIPES, CARD_STATUS]);
  await Promise.all([broker.close(), redis.close()]);
  rmSync(folder, { recursive: true, force: true });
});

test("two Kadun workers decide every swipe of a topic once, as plain Node does", async () => {
  await broker.createCardStatus(CARD_STATUS, STREAM.persons);
  await broker.createSwipes(SWIPES, STREAM);
  const world = {
    broker,
    brokerPid: process.pid,
    redisUrl: redis.url,
    redisPid: redis.pid,
    folder,
    persons: STREAM.persons,
    cardStatus: CARD_STATUS,
  };
  const expected = new ExpectedDecisions(STREAM);
  const result = await verify(world, ENGINES.kadun, SWIPES, expected);
  expect(result).toEqual({
    hash: expected.hash,
    expectedHash: expected.hash,
    // A worker that joins later takes partitions over: what the other had written and not kept is written again, the same.
    repeated: expect.any(Number),
    firstDifference: null,
  });
});
