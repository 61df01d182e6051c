/** The servers of the suites themselves: they come up, can be killed and paused, and keep what they must. */

import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import kafkajs from "kafkajs";
import pg from "pg";
import { isStarted, startOf } from "../../platform/lifecycle/process-start.js";
import { TestProcess } from "../contract/child-process.js";
import { addresses } from "../support/servers/addresses.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { unsecuredToken } from "../support/servers/kafka-users.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const { Kafka, logLevel } = kafkajs;
/** Who has said nothing by then is silent. */
const SILENCE_MS = 300;
/** Who runs has said something by then, however busy the machine is. */
const ANSWER_MS = 15_000;
/** Three brokers on two busy cores. */
const START_MS = 150_000;

async function onRedis<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function onPostgres(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

type KafkaConfig = ConstructorParameters<typeof Kafka>[0];

async function topicsOf(bootstrap: string, more: Partial<KafkaConfig> = {}): Promise<string[]> {
  const brokers = bootstrap.split(",");
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 5 }, ...more }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

async function makeTopic(bootstrap: string, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic }] });
  } finally {
    await admin.disconnect();
  }
}

/** Connects, says something, and resolves to whether anything came back in time. */
async function answers(port: number, request: string, withinMs: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      socket.on("data", () => resolve(true)).on("error", () => resolve(false));
      timer = setTimeout(() => resolve(false), withinMs);
      socket.write(request, "latin1");
    });
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

describe("the servers of the whole run", () => {
  test("answer at the addresses that every suite gets", async () => {
    const { kafka, redis, postgres } = addresses();
    expect(await topicsOf(kafka)).not.toContain("no-such-topic");
    expect(await onRedis(redis, (client) => client.ping())).toBe("PONG");
    expect(await onPostgres(postgres, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("servers of a process that was killed", () => {
  test("are gone with their directory when the next server starts", async () => {
    let pid = 0;
    const program = fileURLToPath(new URL("./abandoned-servers.ts", import.meta.url));
    const parent = TestProcess.start({ program, arguments: [] }, (news: { pid: number }) => {
      pid = news.pid;
    });
    await parent.until(() => pid !== 0);
    const startedAt = startOf(pid)!;
    const left = `kadun-servers-${parent.pid}-`;
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(left))).toHaveLength(1);
    await parent.kill();
    await (await startRedis()).close();
    expect(isStarted(pid, startedAt)).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(left))).toEqual([]);
  });
});

describe("Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis({ appendOnly: true, password: "open sesame" });
  });
  afterAll(() => redis.close());

  test("keeps its data and port over kill -9 when it appends", async () => {
    await onRedis(redis.url, (client) => client.set("kept", "yes"));
    const before = redis.pid;
    await redis.kill();
    expect(isStarted(before, "")).toBe(false);
    await redis.start();
    expect(redis.pid).not.toBe(before);
    expect(await onRedis(redis.url, (client) => client.get("kept"))).toBe("yes");
  });

  test("refuses clients without its password", async () => {
    const url = `redis://${redis.host}:${redis.port}`;
    await expect(onRedis(url, (client) => client.get("kept"))).rejects.toThrow(/NOAUTH/);
  });

  test("does not answer while it is paused", async () => {
    await redis.pause();
    expect(await answers(redis.port, "PING\r\n", SILENCE_MS)).toBe(false);
    await redis.resume();
    expect(await answers(redis.port, "PING\r\n", ANSWER_MS)).toBe(true);
  });

  test("has its master's data when it starts as a replica", async () => {
    await onRedis(redis.url, (client) => client.set("copied", "yes"));
    const replica = await startRedis({ replicaOf: redis });
    try {
      expect(await onRedis(replica.url, (client) => client.get("copied"))).toBe("yes");
    } finally {
      await replica.close();
    }
  });

  test("tells what its log says when it cannot start", async () => {
    const starting = startRedis({ extra: ["--no-such-setting", "1"] });
    await expect(starting).rejects.toThrow(/Redis ended with 1 before it was ready[\s\S]*no-such-setting/);
  });
});

describe("PostgreSQL", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());

  test("keeps what was committed over kill -9 with an open session, and its port", async () => {
    await onPostgres(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    const open = new pg.Client({ connectionString: postgres.url });
    open.on("error", () => undefined);
    await open.connect();
    await postgres.kill();
    await postgres.start();
    expect(await onPostgres(postgres.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  });

  test("starts again after an orderly stop", async () => {
    await postgres.stop();
    await postgres.start();
    expect(await onPostgres(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("keeps open sessions waiting while it is paused", async () => {
    const open = new pg.Client({ connectionString: postgres.url });
    await open.connect();
    await postgres.pause();
    let hasAnswered = false;
    const answer = open.query("SELECT 1 AS one").then(({ rows }) => {
      hasAnswered = true;
      return rows;
    });
    await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
    expect(hasAnswered).toBe(false);
    await postgres.resume();
    expect(await answer).toEqual([{ one: 1 }]);
    await open.end();
  });

  test("refuses a wrong password", async () => {
    const url = new URL(postgres.url);
    url.password = "wrong";
    await expect(onPostgres(url.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });
});

describe("Kafka of one node", () => {
  let kafka: KafkaServers;
  beforeAll(async () => {
    kafka = await startKafka();
  }, START_MS);
  afterAll(() => kafka.close());

  test(
    "keeps its topics and port over kill -9, and over an orderly stop",
    async () => {
      const [node] = kafka.nodes;
      await makeTopic(kafka.bootstrap, "kept");
      await node!.kill();
      await node!.start();
      expect(await topicsOf(kafka.bootstrap)).toContain("kept");
      await node!.stop();
      await node!.start();
      expect(await topicsOf(kafka.bootstrap)).toContain("kept");
    },
    START_MS,
  );

  test("does not answer while it is paused", async () => {
    // ApiVersions, version 0, of a client without a name.
    const request = Buffer.from("0000000a0012000000000001ffff", "hex").toString("latin1");
    const [node] = kafka.nodes;
    expect(await answers(node!.port, request, ANSWER_MS)).toBe(true);
    await node!.pause();
    expect(await answers(node!.port, request, SILENCE_MS)).toBe(false);
    await node!.resume();
  });
});

describe("Kafka with users and TLS", () => {
  const users = { alice: "wonderland" };
  let kafka: KafkaServers;
  beforeAll(async () => {
    kafka = await startKafka({ users, tls: true });
  }, START_MS);
  afterAll(() => kafka.close());

  const asAlice = { username: "alice", password: users.alice };
  const logins: readonly KafkaConfig["sasl"][] = [
    { mechanism: "plain", ...asAlice },
    { mechanism: "scram-sha-256", ...asAlice },
    { mechanism: "scram-sha-512", ...asAlice },
    { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: unsecuredToken("alice") }) },
  ];
  const trusting = (): Partial<KafkaConfig> => ({ ssl: { ca: [readFileSync(kafka.caFile!, "utf8")] } });

  test.each(logins.map((sasl) => ({ sasl })))("lets $sasl.mechanism in", async ({ sasl }) => {
    expect(await topicsOf(kafka.bootstrap, { ...trusting(), sasl: sasl! })).toEqual([]);
  });

  test("refuses a wrong password", async () => {
    const sasl = { mechanism: "plain" as const, username: "alice", password: "wrong" };
    await expect(topicsOf(kafka.bootstrap, { ...trusting(), sasl })).rejects.toThrow(/[Aa]uthentication/);
  });

  test("is not trusted without its certificate", async () => {
    const wary = { ssl: true, sasl: logins[0]!, retry: { retries: 0 } };
    await expect(topicsOf(kafka.bootstrap, wary)).rejects.toThrow(/certificate/);
  });
});

describe("Kafka of three nodes", () => {
  let kafka: KafkaServers;
  beforeAll(async () => {
    kafka = await startKafka({ nodes: 3 });
  }, START_MS);
  afterAll(() => kafka.close());

  test(
    "goes on without one, and takes it back",
    async () => {
      const [first] = kafka.nodes;
      await makeTopic(kafka.bootstrap, "spread");
      await first!.kill();
      expect(await topicsOf(kafka.bootstrap)).toContain("spread");
      await first!.start();
      expect(await topicsOf(`${first!.host}:${first!.port}`)).toContain("spread");
    },
    START_MS,
  );
});
