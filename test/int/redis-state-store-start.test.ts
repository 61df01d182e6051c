/** What the Redis store says of a server that it cannot or should not use: one message, with the fix. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { type LogFields, silentLogger } from "../../platform/logger/logger.js";
import type { RedisStateStoreOptions } from "../../platform/state-store/redis/redis-options.js";
import { openRedisStateStore } from "../../platform/state-store/redis/redis-state-store.js";
import { StateStoreError } from "../../platform/state-store/state-store.js";
import { freePorts } from "../support/servers/free-ports.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";

const SECRET = "tongue/twister:%";

let closers: (() => Promise<void>)[] = [];

beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  closers.push(() => server.close());
  return server;
}

/** The error of opening, which must not tell a secret, neither in its text nor in what it is made of. */
async function refusalOf(options: RedisStateStoreOptions): Promise<StateStoreError> {
  const outcome = await openRedisStateStore(options).then(
    async (store) => {
      await store.close();
      return null;
    },
    (error: unknown) => error,
  );
  if (!(outcome instanceof StateStoreError)) throw new Error(`expected a StateStoreError, got ${outcome}`);
  const everything = `${outcome.message} ${outcome.stack} ${JSON.stringify(outcome.cause)} ${outcome.cause}`;
  expect(everything).not.toContain(SECRET);
  expect(everything).not.toContain(encodeURIComponent(SECRET));
  return outcome;
}

/** Opens, acquires, puts and closes; returns what was warned of. */
async function warningsOf(options: RedisStateStoreOptions): Promise<(string | undefined)[]> {
  const warnings: string[] = [];
  const warn = (event: string, fields?: LogFields) => void warnings.push(`${event} ${fields?.reason ?? ""}`);
  const store = await openRedisStateStore({ ...options, logger: { ...silentLogger, warn } });
  closers.push(() => store.close());
  const owner = await store.acquire(0, "a");
  await owner.put([{ key: "0".repeat(32), value: Buffer.from("one") }]);
  expect(await owner.load(["0".repeat(32)])).toHaveLength(1);
  return warnings;
}

async function order(server: RedisServer, ...words: string[]): Promise<void> {
  const client = new Redis(server.url);
  try {
    await client.call(words[0]!, words.slice(1));
  } finally {
    client.disconnect();
  }
}

describe("a server that is not there", () => {
  test("is UNREACHABLE and named", async () => {
    const [port] = await freePorts(1);
    const refusal = await refusalOf({ url: `redis://:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` });
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(refusal.message).toContain(`redis://127.0.0.1:${port}: no connection, without TLS`);
    expect(refusal.message).toContain("ECONNREFUSED");
  });

  test("and whose name is unknown too", async () => {
    const refusal = await refusalOf({ url: "redis://no-such-host.invalid" });
    expect(refusal.code).toBe("UNREACHABLE");
    expect(refusal.message).toContain("no-such-host.invalid");
  });

  test("something else that listens there is not taken for a Redis", async () => {
    const web = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => web.close(() => resolve())));
    const address = web.address();
    const port = typeof address === "object" ? address!.port : 0;
    const refusal = await refusalOf({ host: "127.0.0.1", port, retryForMs: 200 });
    expect(refusal.code).toBe("UNREACHABLE");
  });
});

describe("a server that does not let us in", () => {
  test("for a wrong password says so", async () => {
    const server = await redis({ password: "right" });
    const refusal = await refusalOf({ host: server.host, port: server.port, password: SECRET });
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(refusal.message).toContain("wrong user or password");
  });

  test("without a password asks for one", async () => {
    const server = await redis({ password: "right" });
    const refusal = await refusalOf({ host: server.host, port: server.port });
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(refusal.message).toContain("none was given");
  });

  test("takes the right password with special characters, in a URL", async () => {
    const server = await redis({ password: SECRET });
    expect(server.url).toContain(encodeURIComponent(SECRET));
    await warningsOf({ url: server.url });
  });

  test("tells a user without the rights what is missing", async () => {
    const server = await redis();
    await order(server, "ACL", "SETUSER", "reader", "on", ">pass", "~*", "+@read", "+info");
    const refusal = await refusalOf({ ...server, username: "reader", password: "pass" });
    expect(refusal.code).toBe("NOT_AUTHORIZED");
    expect(refusal.message).toContain("begin a transaction");
    await order(server, "ACL", "SETUSER", "reader", "+multi", "+exec");
    const store = await openRedisStateStore({ ...server, username: "reader", password: "pass" });
    closers.push(() => store.close());
    const acquiring = store.acquire(0, "a");
    await expect(acquiring).rejects.toMatchObject({
      code: "NOT_AUTHORIZED",
      message: expect.stringContaining("grant it MULTI, EXEC, EVAL"),
    });
  });
});

describe("a server that would lose what is stored", () => {
  test("by throwing keys away is refused, with the setting to change", async () => {
    const server = await redis({ extra: ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"] });
    const refusal = await refusalOf({ url: server.url });
    expect(refusal).toMatchObject({ code: "SETTINGS", retryable: false });
    expect(refusal.message).toContain("maxmemory-policy is allkeys-lru");
    expect(refusal.message).toContain("CONFIG SET maxmemory-policy noeviction");
    await order(server, "CONFIG", "SET", "maxmemory-policy", "noeviction");
    await warningsOf({ url: server.url });
  });

  test("as a replica is refused, and its master named", async () => {
    const master = await redis();
    const replica = await redis({ replicaOf: master });
    const refusal = await refusalOf({ url: replica.url });
    expect(refusal.code).toBe("SETTINGS");
    expect(refusal.message).toContain(`replica of ${master.host}:${master.port}`);
  });

  test("with its next restart is warned of, once", async () => {
    const server = await redis();
    expect(await warningsOf({ url: server.url })).toEqual([
      "state-store.not-kept appendonly is off: after a restart of the server state is rebuilt from the journal",
    ]);
    expect(await warningsOf({ url: (await redis({ appendOnly: true })).url })).toEqual([]);
  });
});

describe("a managed server", () => {
  test("that denies INFO is asked for the policy by CONFIG GET", async () => {
    const server = await redis({ extra: ["--maxmemory-policy", "volatile-lru"] });
    await order(server, "ACL", "SETUSER", "kadun", "on", ">pass", "~{kadun:*", "+@all", "-info");
    const refusal = await refusalOf({ ...server, username: "kadun", password: "pass" });
    expect(refusal.code).toBe("SETTINGS");
  });

  test("that denies both is used, with a warning; keys outside the prefix are not needed", async () => {
    const server = await redis();
    const commands = "multi exec eval evalsha hmget hset hscan get set del rename type".split(" ");
    const rights = ["~{kadun:*", ...commands.map((command) => `+${command}`)];
    await order(server, "ACL", "SETUSER", "kadun", "on", ">pass", ...rights);
    const warnings = await warningsOf({ ...server, username: "kadun", password: "pass" });
    expect(warnings).toEqual([
      "state-store.settings-unknown INFO",
      "state-store.settings-unknown maxmemory-policy",
    ]);
  });
});

describe("a node of a cluster", () => {
  test("that holds all slots is used: every script's keys lie in one", async () => {
    const server = await redis({ appendOnly: true, extra: ["--cluster-enabled", "yes"] });
    await order(server, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await clusterReady(server);
    expect(await warningsOf({ url: server.url })).toEqual([]);
  });

  test("of which nobody holds a partition's slot: that partition waits, the others do not", async () => {
    const server = await redis({
      extra: ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no"],
    });
    const slot = await slotOf(server, "{kadun:0}");
    await order(server, "CLUSTER", "ADDSLOTSRANGE", "0", String(slot - 1), String(slot + 1), "16383");
    await clusterReady(server);
    const store = await openRedisStateStore({ url: server.url, retryForMs: 200 });
    closers.push(() => store.close());
    expect((await store.acquire(1, "a")).epoch).toBe(1);
    await expect(store.acquire(0, "a")).rejects.toMatchObject({ code: "UNREACHABLE", retryable: true });
  });
});

async function slotOf(server: RedisServer, key: string): Promise<number> {
  const client = new Redis(server.url);
  try {
    return Number(await client.cluster("KEYSLOT", key));
  } finally {
    client.disconnect();
  }
}

async function clusterReady(server: RedisServer): Promise<void> {
  const client = new Redis(server.url);
  try {
    while (!String(await client.cluster("INFO")).includes("cluster_state:ok"))
      await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    client.disconnect();
  }
}

describe("a server with TLS", () => {
  test("is trusted by its certificate only, with a user's name and password over it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kadun-redis-tls-"));
    closers.push(async () => rmSync(directory, { recursive: true }));
    const [certificate, key] = [join(directory, "certificate.pem"), join(directory, "key.pem")];
    const subject = ["-subj", "/CN=redis.test", "-addext", "subjectAltName=DNS:redis.test,IP:127.0.0.1"];
    const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    });
    const [tlsPort] = await freePorts(1);
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
    const tls = ["--tls-port", String(tlsPort), ...files, "--tls-auth-clients", "no"];
    await redis({ password: SECRET, extra: tls });
    const login = `:${encodeURIComponent(SECRET)}@`;
    const url = `rediss://${login}127.0.0.1:${tlsPort}`;
    const ca = readFileSync(certificate, "utf8");
    await warningsOf({ url, tls: { ca } });
    await warningsOf({ url, tls: { ca, serverName: "redis.test" } });
    const untrusted = await refusalOf({ url });
    expect(untrusted.code).toBe("UNREACHABLE");
    expect(untrusted.message).toMatch(/with TLS \(.*certificate/);
    expect((await refusalOf({ url, tls: { ca, serverName: "other.test" } })).code).toBe("UNREACHABLE");
    expect((await refusalOf({ url: `redis://${login}127.0.0.1:${tlsPort}`, retryForMs: 200 })).code).toBe(
      "UNREACHABLE",
    );
  });
});
