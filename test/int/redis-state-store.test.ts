/** The Redis store when network and server fail: what was acknowledged holds, or its owner is told. */

import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { type Logger, silentLogger } from "../../platform/logger/logger.js";
import type { RedisStateStoreOptions } from "../../platform/state-store/redis/redis-options.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { stateKeys } from "../../platform/state-store/redis/state-keys.js";
import type { PartitionOwnership, StateEntry, StateStore } from "../../platform/state-store/state-store.js";
import { ChildStateWriter } from "../contract/child-writer.js";
import { seededRandom } from "../oracle/scenario-random.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";
import { type ConnectionWatch, type Direction, TcpProxy } from "../support/tcp-proxy.js";

const program = fileURLToPath(
  new URL("../platform/state-store/redis/redis-state-store.child.ts", import.meta.url),
);
const PREFIX = "kadun";
const WENT_BACK = { code: "FENCED", retryable: false, message: expect.stringContaining("went back") };

/** What a test opened, closed behind it, the last first. */
let opened: { close(): Promise<void> }[] = [];

beforeEach(() => {
  opened = [];
});
afterEach(async () => {
  for (const each of opened.reverse()) await each.close();
});

function closing<Opened extends { close(): Promise<void> }>(each: Opened): Opened {
  opened.push(each);
  return each;
}

async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  return closing(await startRedis(options));
}

async function storeAt(url: string, more: Partial<RedisStateStoreOptions> = {}): Promise<StateStore> {
  return closing(await openRedisStateStore({ url, keyPrefix: PREFIX, ...more }));
}

/** A way to a server that can be cut, held up and led elsewhere. */
async function wayTo(
  server: RedisServer,
  watch?: () => ConnectionWatch,
): Promise<{ readonly proxy: TcpProxy; readonly url: string; leadTo(other: RedisServer): void }> {
  const target = { host: server.host, port: server.port };
  const proxy = closing(await TcpProxy.open(watch === undefined ? { target } : { target, watch }));
  const leadTo = (other: RedisServer): void => {
    target.port = other.port;
    proxy.cut();
  };
  return { proxy, url: `redis://${proxy.host}:${proxy.port}`, leadTo };
}

/** Cuts connections at the moment an answer arrives, so many times once `cutNext` is called. */
class AnswerCutter implements ConnectionWatch {
  private left = 0;

  cutNext(count: number): void {
    this.left = count;
  }

  see(direction: Direction): "pass" | "cut" {
    if (direction === "toServer" || this.left === 0) return "pass";
    this.left--;
    return "cut";
  }
}

class HeardLogger implements Logger {
  private readonly events = new EventEmitter();
  readonly debug = silentLogger.debug;
  readonly info = (event: string): void => this.hear(event);
  readonly warn = (event: string): void => this.hear(event);
  readonly error = (event: string): void => this.hear(event);
  readonly heard: string[] = [];

  with(): Logger {
    return this;
  }

  /** Resolves when it is logged next. */
  async next(event: string): Promise<void> {
    await once(this.events, event);
  }

  private hear(event: string): void {
    this.heard.push(event);
    this.events.emit(event);
  }
}

async function ask<Answer>(server: RedisServer, use: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(server.url);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

/** How often a hash was written: twice by every put that is applied, for its values and for its number. */
async function hashWrites(server: RedisServer): Promise<number> {
  const stats = await ask(server, (client) => client.info("commandstats"));
  const [, calls, failed] = /cmdstat_hset:calls=(\d+),.*,failed_calls=(\d+)/.exec(stats) ?? [];
  return Number(calls ?? 0) - Number(failed ?? 0);
}

/** Number of the owner's last write as the server holds it. */
async function storedWrites(server: RedisServer): Promise<number> {
  return ask(server, async (client) => Number(await client.hget(stateKeys(PREFIX, 0).owner, "writes")));
}

describe("an older owner's writes that arrive late", () => {
  test("are refused and change nothing, however long the network held them", async () => {
    const server = await redis();
    const { proxy, url } = await wayTo(server);
    const zombie = await (await storeAt(url)).acquire(0, "zombie");
    await zombie.put([entry(1, "before")]);
    proxy.pause("toServer");
    const late = Promise.allSettled([zombie.put([entry(1, "late")]), zombie.putPartition(bytes("late"))]);
    const owner = await (await storeAt(server.url)).acquire(0, "owner");
    await owner.put([entry(1, "owner")]);
    await owner.putPartition(bytes("owner"));
    proxy.resume("toServer");
    for (const outcome of await late)
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "FENCED" } });
    expect(await textsOf(owner)).toEqual(["owner"]);
    expect(text(await owner.readPartition())).toBe("owner");
    await owner.put([entry(1, "owner still")]);
  });
});

describe("an older owner's reads", () => {
  test("are refused: what it read before and after a failover would not go together", async () => {
    const server = await redis();
    const older = await (await storeAt(server.url)).acquire(0, "older");
    await older.put([entry(1, "older")]);
    await older.putPartition(bytes("older"));
    const owner = await (await storeAt(server.url)).acquire(0, "owner");
    await owner.put([entry(1, "owner")]);
    await owner.putPartition(bytes("owner"));
    await expect(older.readPartition()).rejects.toMatchObject({ code: "FENCED" });
    await expect(older.load([entry(1, "").key])).rejects.toMatchObject({ code: "FENCED" });
    expect(text(await owner.readPartition())).toBe("owner");
  });
});

describe("a connection cut between the write and its answer", () => {
  test("is written again by nobody: applied once, and acknowledged", async () => {
    const server = await redis();
    const cutter = new AnswerCutter();
    const { proxy, url } = await wayTo(server, () => cutter);
    const owner = await (await storeAt(url)).acquire(0, "a");
    await owner.put([entry(1, "one")]);
    const before = await hashWrites(server);
    cutter.cutNext(1);
    await owner.put([entry(1, "two")]);
    expect(proxy.cuts).toBe(1);
    expect((await hashWrites(server)) - before).toBe(2);
    expect(await storedWrites(server)).toBe(2);
    expect(await textsOf(owner)).toEqual(["two"]);
    await owner.put([entry(1, "three")]);
    expect(await textsOf(owner)).toEqual(["three"]);
  });

  test("gives an acquisition one epoch, not two", async () => {
    const server = await redis();
    const cutter = new AnswerCutter();
    const { proxy, url } = await wayTo(server, () => cutter);
    const store = await storeAt(url);
    // The server knows the script after this: the next answer is the acquisition's own.
    await store.acquire(1, "a");
    cutter.cutNext(1);
    expect((await store.acquire(0, "a")).epoch).toBe(1);
    expect(proxy.cuts).toBe(1);
    expect((await store.acquire(0, "b")).epoch).toBe(2);
  });

  test("a hundred cuts before, within and behind writes: all are applied, none twice", async () => {
    const server = await redis();
    const random = seededRandom(7);
    // Every connection lives for a few messages; the cut loses a command or an answer.
    const shortLived = (): ConnectionWatch => {
      let left = random.integer(1, 8);
      return { see: () => (--left < 0 ? "cut" : "pass") };
    };
    const { proxy, url } = await wayTo(server, shortLived);
    const owner = await (await storeAt(url)).acquire(0, "a");
    // The server knows the script after this.
    await owner.put([entry(1, "1"), entry(2, "1")]);
    const before = await hashWrites(server);
    let number = 1;
    while (proxy.cuts < 100) {
      number++;
      await owner.put([entry(1, `${number}`), entry(2, `${number}`)]);
    }
    expect((await hashWrites(server)) - before).toBe(2 * (number - 1));
    expect(await storedWrites(server)).toBe(number);
    expect(await textsOf(owner)).toEqual([`${number}`, `${number}`]);
    expect(await ask(server, (client) => client.exists(stateKeys(PREFIX, 0).writing))).toBe(0);
  });
});

describe("somebody else's key in the place of the values", () => {
  test("stays as it is: the put is refused", async () => {
    const server = await redis();
    const owner = await (await storeAt(server.url)).acquire(0, "a");
    const { values, writing } = stateKeys(PREFIX, 0);
    await ask(server, (client) => client.set(values, "theirs"));
    await expect(owner.put([entry(1, "one")])).rejects.toMatchObject({ code: "CORRUPT" });
    expect(await ask(server, (client) => client.get(values))).toBe("theirs");
    expect(await ask(server, (client) => client.exists(writing))).toBe(0);
  });
});

describe("a server that does not answer", () => {
  test("carries late copies of a write out once", async () => {
    const server = await redis();
    const logger = new HeardLogger();
    const store = await storeAt(server.url, { commandTimeoutMs: 200, logger });
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "one")]);
    const before = await hashWrites(server);
    const away = logger.next("state-store.away");
    await server.pause();
    const write = owner.put([entry(1, "two")]);
    await away;
    server.resume();
    await write;
    await owner.put([entry(1, "three")]);
    expect((await hashWrites(server)) - before).toBe(4);
    expect(await textsOf(owner)).toEqual(["three"]);
  });

  test("is UNREACHABLE, retryable, after a bounded time; the same call goes through when it answers again", async () => {
    const server = await redis();
    const store = await storeAt(server.url, { commandTimeoutMs: 100, retryForMs: 300 });
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "one")]);
    await server.pause();
    const unreachable = { code: "UNREACHABLE", retryable: true };
    await expect(owner.put([entry(1, "two")])).rejects.toMatchObject(unreachable);
    await expect(owner.load([key(1)])).rejects.toMatchObject(unreachable);
    await expect(store.acquire(1, "a")).rejects.toMatchObject(unreachable);
    server.resume();
    await owner.put([entry(1, "three")]);
    expect(await textsOf(owner)).toEqual(["three"]);
  });

  test("does not keep close from ending: writes under way fail after its deadline", async () => {
    const server = await redis();
    const store = await openRedisStateStore({ url: server.url, closeDeadlineMs: 200 });
    const owner = await store.acquire(0, "a");
    await server.pause();
    const write = expect(owner.put([entry(1, "one")])).rejects.toMatchObject({ code: "CLOSED" });
    const began = Date.now();
    await store.close();
    expect(Date.now() - began).toBeLessThan(2_000);
    await write;
  });
});

describe("a server that is killed and started again", () => {
  test("with its data: the owner goes on, a write meanwhile waits for it", async () => {
    const server = await redis({ appendOnly: true });
    const owner = await (await storeAt(server.url)).acquire(0, "a");
    await owner.put([entry(1, "one")]);
    await server.kill();
    const write = owner.put([entry(2, "two")]);
    await server.start();
    await write;
    expect(await textsOf(owner)).toEqual(["one", "two"]);
  });

  test("with its data: a process that writes without end does not notice, and loses nothing", async () => {
    const server = await redis({ appendOnly: true });
    const order = { partition: 0, entriesPerPut: 100, valueBytes: 600, checkpointsMax: 200 };
    const writing = new ChildStateWriter({ program, arguments: [server.url, PREFIX, order] });
    for (const checkpoints of [50, 120]) {
      await writing.until((each) => each.checkpoints >= checkpoints);
      await server.kill();
      await server.start();
    }
    await writing.process.finished();
    const owner = await (await storeAt(server.url)).acquire(0, "auditor");
    expect(text(await owner.readPartition())).toBe("200");
    const numbers = new Set((await textsOf(owner)).map((value) => Number.parseInt(value, 10)));
    expect([...numbers]).toEqual([200]);
  });

  test("without its data: the owner is told with its next read and write, a new owner begins anew", async () => {
    const server = await redis();
    const logger = new HeardLogger();
    const store = await storeAt(server.url, { logger });
    const [reading, writing] = [await store.acquire(0, "a"), await store.acquire(1, "b")];
    for (const owner of [reading, writing]) await owner.put([entry(1, "one")]);
    await server.kill();
    await server.start();
    await expect(reading.load([key(1)])).rejects.toMatchObject(WENT_BACK);
    await expect(reading.put([entry(1, "two")])).rejects.toMatchObject(WENT_BACK);
    await expect(writing.putPartition(bytes("record"))).rejects.toMatchObject(WENT_BACK);
    await expect(writing.readPartition()).rejects.toMatchObject(WENT_BACK);
    expect(logger.heard.filter((event) => event === "state-store.went-back")).toHaveLength(2);
    const next = await store.acquire(1, "c");
    expect(next.epoch).toBe(1);
    expect(await next.readPartition()).toBeNull();
    await next.put([entry(1, "again")]);
    await expect(writing.put([entry(1, "two")])).rejects.toMatchObject({ code: "FENCED" });
    expect(await textsOf(next)).toEqual(["again"]);
  });

  test("scripts that the server has forgotten are told to it again", async () => {
    const server = await redis();
    const store = await storeAt(server.url);
    const owner = await store.acquire(0, "a");
    const forget = () => ask(server, (client) => client.script("FLUSH"));
    await forget();
    await owner.put([entry(1, "one")]);
    await forget();
    await owner.putPartition(bytes("record"));
    await forget();
    const next = await store.acquire(0, "b");
    expect(next.epoch).toBe(2);
    expect(text(await next.readPartition())).toBe("record");
  });
});

describe("a failover", () => {
  interface Pair {
    readonly master: RedisServer;
    readonly replica: RedisServer;
    readonly store: StateStore;
    /** From now on the replica gets nothing more. */
    detach(): Promise<void>;
    /** The detached replica takes the place of the master, which is gone. */
    failOver(): Promise<void>;
    leadTo(other: RedisServer): void;
  }

  async function pair(): Promise<Pair> {
    const master = await redis();
    const replica = await redis({ replicaOf: master });
    const { url, leadTo } = await wayTo(master);
    const store = await storeAt(url);
    const detach = async (): Promise<void> => {
      await inSync(master, replica);
      await ask(replica, (client) => client.replicaof("NO", "ONE"));
    };
    const failOver = async (): Promise<void> => {
      await master.kill();
      leadTo(replica);
    };
    return { master, replica, store, detach, failOver, leadTo };
  }

  test("to a replica that lost the last puts: the partition record over them is refused, a new owner finds what was before", async () => {
    const { store, detach, failOver } = await pair();
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "old"), entry(2, "old")]);
    await owner.putPartition(bytes("applied 10"));
    await detach();
    await owner.put([entry(1, "new")]);
    await owner.put([entry(2, "new"), entry(3, "new")]);
    await failOver();
    await expect(owner.putPartition(bytes("applied 20"))).rejects.toMatchObject(WENT_BACK);
    await expect(owner.put([entry(1, "newer")])).rejects.toMatchObject(WENT_BACK);
    const next = await store.acquire(0, "b");
    expect(next.epoch).toBe(2);
    expect(text(await next.readPartition())).toBe("applied 10");
    expect(await textsOf(next)).toEqual(["old", "old"]);
    await next.put([entry(1, "next")]);
  });

  test("that lost one put: values of before are not given to the owner as if they were its own", async () => {
    const { store, detach, failOver } = await pair();
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "old")]);
    await detach();
    await owner.put([entry(1, "new")]);
    await failOver();
    await expect(owner.load([key(1)])).rejects.toMatchObject(WENT_BACK);
    await expect(textsOf(owner)).rejects.toMatchObject(WENT_BACK);
  });

  test("that lost an acquisition: its owner is refused, also when somebody else got the same epoch", async () => {
    const { store, detach, failOver } = await pair();
    await (await store.acquire(0, "a")).put([entry(1, "a")]);
    await (await store.acquire(1, "a")).put([entry(1, "a")]);
    await detach();
    const [lost, doubled] = [await store.acquire(0, "b"), await store.acquire(1, "b")];
    await failOver();
    await expect(lost.put([entry(1, "b")])).rejects.toMatchObject(WENT_BACK);
    const other = await store.acquire(1, "c");
    expect(other.epoch).toBe(doubled.epoch);
    await expect(doubled.put([entry(1, "b")])).rejects.toMatchObject({ code: "FENCED" });
    await other.put([entry(1, "c")]);
    expect(await textsOf(other)).toEqual(["c"]);
  });

  test("that lost nothing: the owner goes on at the new master", async () => {
    const { store, replica, detach, failOver } = await pair();
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "one")]);
    await detach();
    await failOver();
    await owner.put([entry(2, "two")]);
    await owner.putPartition(bytes("record"));
    expect(await textsOf(owner)).toEqual(["one", "two"]);
    expect(await storedWrites(replica)).toBe(3);
  });

  test("by order: a master that became a replica is left for the new one", async () => {
    const { store, master, replica, detach, leadTo } = await pair();
    const owner = await store.acquire(0, "a");
    await owner.put([entry(1, "one")]);
    await detach();
    await ask(master, (client) => client.replicaof(replica.host, replica.port));
    const write = owner.put([entry(2, "two")]);
    leadTo(replica);
    await write;
    expect(await textsOf(owner)).toEqual(["one", "two"]);
  });
});

/** Resolves when the replica has all that the master has. */
async function inSync(master: RedisServer, replica: RedisServer): Promise<void> {
  const [, ofMaster] = await ask(master, (client) => client.role() as Promise<[string, number]>);
  for (;;) {
    const role = await ask(replica, (client) => client.role() as Promise<unknown[]>);
    if (Number(role[4]) >= ofMaster) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function key(number: number): string {
  return number.toString(16).padStart(32, "0");
}

function bytes(value: string): Uint8Array {
  return Buffer.from(value);
}

function entry(number: number, value: string): StateEntry {
  return { key: key(number), value: bytes(value) };
}

function text(value: Uint8Array | null): string | null {
  return value === null ? null : Buffer.from(value).toString();
}

/** Of all entries, by key. */
async function textsOf(owner: PartitionOwnership): Promise<string[]> {
  const found: StateEntry[] = [];
  for await (const each of owner.entries()) found.push(each);
  return found.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ value }) => text(value)!);
}
