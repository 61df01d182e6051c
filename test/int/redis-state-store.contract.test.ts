import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { stateKeys } from "../../platform/state-store/redis/state-keys.js";
import type { Deviations } from "../contract/behaviours.js";
import { ChildStateWriter } from "../contract/child-writer.js";
import { describeStateStore, type StoredState } from "../contract/state-store.contract.js";
import { addresses } from "../support/servers/addresses.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const program = fileURLToPath(
  new URL("../platform/state-store/redis/redis-state-store.child.ts", import.meta.url),
);
const PARTITIONS = [0, 1, 2];

/** What the Redis store lacks of the contract, with reasons: nothing. */
const DEVIATIONS: Deviations = {};

describeStateStore("the Redis store", {
  processes: { has: true },
  rewriteOwner: { has: true },
  smallDisk: { has: true },
  deviations: DEVIATIONS,
  create: async (): Promise<StoredState> => {
    const keyPrefix = `kadun-test-${randomBytes(8).toString("hex")}`;
    let { redis: url } = addresses();
    let own: RedisServer | null = null;
    return {
      open: () => openRedisStateStore({ url, keyPrefix }),
      rewriteOwner: {
        rewrite: (partition, epoch, owner) =>
          onRedis(url, async (client) => {
            await client.hset(stateKeys(keyPrefix, partition).owner, { epoch, owner });
          }),
      },
      processes: {
        write: async (order) => new ChildStateWriter({ program, arguments: [url, keyPrefix, order] }),
        // The disk of Redis is its memory: a server with a limit of its own.
        writeOnSmallDisk: async (order, bytesMax) => {
          own = await startRedis();
          url = own.url;
          await setMemoryMax(url, bytesMax);
          const writer = new ChildStateWriter({ program, arguments: [url, keyPrefix, order] });
          const makeRoom = () =>
            onRedis(url, async (client) => void (await client.config("SET", "maxmemory", "0")));
          return Object.assign(writer, { makeRoom });
        },
      },
      remove: async () => {
        if (own !== null) return own.close();
        const keys = PARTITIONS.flatMap((partition) => Object.values(stateKeys(keyPrefix, partition)));
        await onRedis(url, async (client) => void (await client.unlink(keys)));
      },
    };
  },
});

async function setMemoryMax(url: string, bytesMoreMax: number): Promise<void> {
  await onRedis(url, async (client) => {
    const used = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
    await client.config("SET", "maxmemory", String(used + bytesMoreMax));
  });
}

async function onRedis(url: string, use: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(url);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}
