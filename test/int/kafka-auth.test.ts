import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EventLogError } from "../../platform/event-log/event-log.js";
import { createTopics, deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import type { KafkaOptions, KafkaSasl } from "../../platform/event-log/kafka/kafka-options.js";
import { oauthClientCredentials } from "../../platform/event-log/kafka/oauth-client-credentials.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { unsecuredToken } from "../support/servers/kafka-users.js";

const USER = "kadun";
const PASSWORD = "right-password-5512";
const WRONG_PASSWORD = "wrong-password-7431";
const run = promisify(execFile);

function options(servers: KafkaServers, more: Partial<KafkaOptions> = {}): KafkaOptions {
  return { brokers: servers.bootstrap.split(","), clientId: "auth-test", tls: null, sasl: null, ...more };
}

function password(mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512", word = PASSWORD): KafkaSasl {
  return { mechanism, username: USER, password: word };
}

async function refusalOf(wanted: KafkaOptions): Promise<EventLogError> {
  const cluster = await KafkaCluster.open(wanted).catch((error: unknown) => error);
  if (cluster instanceof KafkaCluster) await cluster.close();
  if (!(cluster instanceof EventLogError)) throw new Error("it was opened", { cause: cluster });
  expect(`${cluster.message} ${String(cluster.cause)}`).not.toContain(WRONG_PASSWORD);
  return cluster;
}

async function usesIt(wanted: KafkaOptions): Promise<void> {
  const cluster = await KafkaCluster.open(wanted);
  const topic = `auth-${Math.random().toString(36).slice(2)}`;
  try {
    const made = await createTopics(cluster, [{ topic, partitions: 3, replicationFactor: 1, configs: {} }]);
    expect(made.created).toEqual([topic]);
    expect(await cluster.leaderOf(topic, 2)).toBe(1);
    await deleteTopics(cluster, [topic]);
  } finally {
    await cluster.close();
  }
}

describe("a listener with SASL and without TLS", () => {
  let servers: KafkaServers;
  beforeAll(async () => {
    servers = await startKafka({
      users: { [USER]: PASSWORD },
      properties: { "connections.max.reauth.ms": "2000" },
    });
  }, 60_000);
  afterAll(() => servers?.close());

  test.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const)(
    "%s lets the right password in",
    async (mechanism) => {
      await usesIt(options(servers, { sasl: password(mechanism) }));
    },
  );

  test.each(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const)(
    "%s refuses a wrong password",
    async (mechanism) => {
      const refusal = await refusalOf(options(servers, { sasl: password(mechanism, WRONG_PASSWORD) }));
      expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
      expect(refusal.message).toContain(servers.bootstrap);
      expect(refusal.message).toContain(`SASL ${mechanism} as "${USER}"`);
    },
  );

  test("a client without SASL is told to give user and password", async () => {
    const refusal = await refusalOf(options(servers));
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(refusal.message).toContain("give SASL user and password");
    expect(refusal.message).toContain("SCRAM-SHA-512");
  });

  test("a client with TLS is told that the listener speaks none", async () => {
    const refusal = await refusalOf(options(servers, { tls: {}, sasl: password("PLAIN") }));
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: false });
    expect(refusal.message).toContain("turn TLS off");
  });

  test("OAUTHBEARER lets a good token in, asked for anew for each connection", async () => {
    let asked = 0;
    const token = async () => {
      asked += 1;
      return { value: unsecuredToken(USER) };
    };
    await usesIt(options(servers, { sasl: { mechanism: "OAUTHBEARER", token } }));
    expect(asked).toBeGreaterThan(0);
  });

  test("OAUTHBEARER refuses a token that has ended", async () => {
    const token = async () => ({ value: unsecuredToken(USER, new Date(Date.now() - 7_200_000)) });
    const refusal = await refusalOf(options(servers, { sasl: { mechanism: "OAUTHBEARER", token } }));
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
  });

  test("a token provider that fails is an unreachable server, to be tried again", async () => {
    const token = async () => Promise.reject(new Error("the vault is sealed"));
    const refusal = await refusalOf(options(servers, { sasl: { mechanism: "OAUTHBEARER", token } }));
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(refusal.message).toContain("the vault is sealed");
  });

  test("client credentials bring the token for OAUTHBEARER", async () => {
    const endpoint = createServer((_request, response) => {
      response.end(JSON.stringify({ access_token: unsecuredToken(USER), expires_in: 60 }));
    });
    await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`;
    const token = oauthClientCredentials({ url, clientId: "kadun", clientSecret: "s" });
    await usesIt(options(servers, { sasl: { mechanism: "OAUTHBEARER", token } }));
    await new Promise((resolve) => endpoint.close(resolve));
  });

  test("requests go on over sessions that the server ends every two seconds", async () => {
    const cluster = await KafkaCluster.open(options(servers, { sasl: password("SCRAM-SHA-256") }));
    // Two ends of a session at least.
    const until = performance.now() + 5_000;
    let answered = 0;
    while (performance.now() < until || answered < 50) {
      await cluster.metadata([]);
      answered += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await cluster.close();
  });
});

describe("a listener with TLS", () => {
  let servers: KafkaServers;
  let ca: string;
  beforeAll(async () => {
    servers = await startKafka({ users: { [USER]: PASSWORD }, tls: true });
    ca = readFileSync(servers.caFile ?? "", "utf8");
  }, 60_000);
  afterAll(() => servers?.close());

  test("lets a client in that trusts its authority and knows its password", async () => {
    await usesIt(options(servers, { tls: { ca }, sasl: password("SCRAM-SHA-512") }));
  });

  test("a client that does not trust its authority is told to give the CA", async () => {
    const refusal = await refusalOf(options(servers, { tls: {}, sasl: password("PLAIN") }));
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: false });
    expect(refusal.message).toContain("give its certificate as the CA");
  });

  test("a certificate of another name is refused", async () => {
    const tls = { ca, serverName: "kafka.elsewhere.example" };
    const refusal = await refusalOf(options(servers, { tls, sasl: password("PLAIN") }));
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: false });
    expect(refusal.message).toContain("does not carry this host's name");
  });

  test("a client without TLS is told that the listener may speak it", async () => {
    const refusal = await refusalOf(options(servers, { sasl: password("PLAIN") }));
    expect(refusal.code).toBe("UNREACHABLE");
    expect(refusal.message).toContain("turn TLS on");
  });

  test("a CA that is no certificate is said to be none", async () => {
    const refusal = await refusalOf(options(servers, { tls: { ca: "not PEM" }, sasl: password("PLAIN") }));
    expect(refusal.message).toMatch(/PEM|give its certificate as the CA/);
  });
});

describe("a listener that asks clients for certificates", () => {
  let directory: string;
  let servers: KafkaServers;
  let ca: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "kafka-auth-"));
    const store = ["-storetype", "PKCS12", "-storepass", "kadun-tests"];
    const key = join(directory, "client-key.pem");
    const certificate = join(directory, "client.pem");
    const make = "req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=kadun".split(" ");
    await run("openssl", [...make, "-keyout", key, "-out", certificate]);
    const trust = join(directory, "trust.p12");
    await run("keytool", [
      "-importcert",
      "-noprompt",
      ...store,
      "-alias",
      "client",
      "-keystore",
      trust,
      "-file",
      certificate,
    ]);
    servers = await startKafka({
      tls: true,
      properties: {
        "listener.name.client.ssl.client.auth": "required",
        "listener.name.client.ssl.truststore.type": "PKCS12",
        "listener.name.client.ssl.truststore.location": trust,
        "listener.name.client.ssl.truststore.password": "kadun-tests",
      },
    });
    ca = readFileSync(servers.caFile ?? "", "utf8");
  }, 60_000);
  afterAll(async () => {
    await servers?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test("lets a client with a trusted certificate in", async () => {
    const certificate = readFileSync(join(directory, "client.pem"), "utf8");
    const key = readFileSync(join(directory, "client-key.pem"), "utf8");
    await usesIt(options(servers, { tls: { ca, certificate, key } }));
  });

  test("a client without one is told to give it", async () => {
    const refusal = await refusalOf(options(servers, { tls: { ca } }));
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(refusal.message).toContain("give certificate and key");
  });
});

describe("a listener without TLS and SASL", () => {
  let servers: KafkaServers;
  beforeAll(async () => {
    servers = await startKafka();
  }, 60_000);
  afterAll(() => servers?.close());

  test("a client with a password is told that it takes none", async () => {
    const refusal = await refusalOf(options(servers, { sasl: password("SCRAM-SHA-256", WRONG_PASSWORD) }));
    expect(refusal).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(refusal.message).toContain("takes no SASL");
  });

  test("addresses where nothing listens are each named with the reason", async () => {
    const refusal = await refusalOf({
      ...options(servers),
      brokers: ["127.0.0.1:1", "no-such-host.invalid:9092"],
    });
    expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(refusal.message).toContain("127.0.0.1:1: nothing listens there");
    expect(refusal.message).toMatch(/no-such-host\.invalid:9092: the host's name/);
  });
});
