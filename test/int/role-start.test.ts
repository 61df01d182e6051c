/**
 * What the roles and `kadun topics create` say when something outside is not as they need it: every time one message
 * that names what was given, what was expected and the next step, status 1 (64 for settings), no stack trace, no secret.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { topicsOf } from "../../cli/distributed/topics.js";
import { openClickhouseDatabase } from "../../platform/analytics/clickhouse/clickhouse-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { createTopics, deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import type { WantedTopic } from "../../platform/event-log/kafka/wanted-topic.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { Topic } from "../../schemas/topics.js";
import {
  type ClickhouseTarget,
  openClickhouseTarget,
} from "../support/clickhouse-front/clickhouse-target.js";
import { freePorts } from "../support/servers/free-ports.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";
import {
  type EndedRun,
  type Environment,
  expectRefusal,
  type RefusalWanted,
  runToEnd,
} from "./refused-start.js";
import { runSql, type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const ROLES = ["ingest", "detector", "alerts", "analytics"] as const;
type RoleName = (typeof ROLES)[number];

const PARTITIONS = 2;
const START_MS = 120_000;
/** Some processes one after the other, each within its own limit. */
const TEST_MS = 130_000;
const WRONG = "wr0ng-Passw0rd";
const KAFKA_PASSWORD = "kafka-Passw0rd";
const SASL_SETTINGS = "KADUN_KAFKA_SASL, KADUN_KAFKA_USERNAME, KADUN_KAFKA_PASSWORD_FILE";
const NOBODY = { KADUN_KAFKA_SASL: "", KADUN_KAFKA_USERNAME: "", KADUN_KAFKA_PASSWORD_FILE: "" };
const REDIS_PASSWORD = "redis-Passw0rd";

let folder: string;
let kafka: KafkaServers;
let cluster: KafkaCluster;
let redis: RedisServer;
let postgres: TemporaryPostgres;
let clickhouse: ClickhouseTarget;
let environment: Environment;
let secrets: readonly string[];
let deadPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-role-start-"));
  mkdirSync(join(folder, "keys"));
  [kafka, redis, postgres, clickhouse] = await Promise.all([
    startKafka({ users: { kadun: KAFKA_PASSWORD } }),
    startRedis({ password: REDIS_PASSWORD }),
    temporaryPostgres(),
    openClickhouseTarget(),
  ]);
  [deadPort] = (await freePorts(1)) as [number];
  environment = {
    KADUN_LOG_LEVEL: "warn",
    KADUN_KAFKA_BROKERS: kafka.bootstrap,
    KADUN_KAFKA_SASL: "scram-sha-256",
    KADUN_KAFKA_USERNAME: "kadun",
    KADUN_KAFKA_PASSWORD_FILE: secretFile("kafka-password", KAFKA_PASSWORD),
    KADUN_REDIS_URL: redis.url,
    KADUN_POSTGRES_URL: postgres.url,
    KADUN_CLICKHOUSE_URL: clickhouse.url,
    KADUN_CLICKHOUSE_USER: clickhouse.user,
    KADUN_CLICKHOUSE_PASSWORD_FILE: secretFile("clickhouse-password", clickhouse.password),
    KADUN_CLICKHOUSE_DATABASE: "kadun_role_start",
    KADUN_VAULT_KEY_FILE: join(folder, "keys", "vault.key"),
    KADUN_LINKAGE_KEY_FILE: join(folder, "keys", "linkage.key"),
    KADUN_LOCAL_KEY_FILE: join(folder, "keys", "local.key"),
    KADUN_SMS_OUTBOX: join(folder, "outbox.ndjson"),
    KADUN_PROOFS: join(folder, "proofs"),
    KADUN_EVIDENCE_KEYS_FILE: join(folder, "keys", "evidence.json"),
    KADUN_PARTITIONS: String(PARTITIONS),
    KADUN_REPLICATION_FACTOR: "1",
  };
  writeKeys();
  secrets = [WRONG, KAFKA_PASSWORD, REDIS_PASSWORD, new URL(postgres.url).password];
  cluster = await KafkaCluster.open({
    brokers: [kafka.bootstrap],
    clientId: "role-start-test",
    tls: null,
    sasl: { mechanism: "PLAIN", username: "kadun", password: KAFKA_PASSWORD },
  });
}, START_MS);

afterAll(async () => {
  await cluster?.close();
  await Promise.all([kafka?.close(), redis?.close(), postgres?.remove(), clickhouse?.close()]);
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

function secretFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`);
  return path;
}

function start(role: RoleName, changed: Environment = {}, port = "0"): Promise<EndedRun> {
  return runToEnd([role, "--port", port], { ...environment, ...changed });
}

function create(changed: Environment = {}, options: readonly string[] = []): Promise<EndedRun> {
  return runToEnd(["topics", "create", ...options], { ...environment, ...changed });
}

function refused(run: EndedRun, says: RefusalWanted["says"], status: 1 | 64 = 1): void {
  expectRefusal(run, { status, says, secrets });
}

/** What they say of it has to be the same. */
async function refusedByAll(
  changed: Environment,
  says: RefusalWanted["says"],
  roles: readonly RoleName[] = ROLES,
): Promise<void> {
  for (const run of await Promise.all(roles.map((role) => start(role, changed)))) refused(run, says);
}

function at(url: string, change: (url: URL) => void): string {
  const changed = new URL(url);
  change(changed);
  return changed.href;
}

const withPort = (port: number) => (url: URL) => {
  url.port = String(port);
};
const withPassword = (password: string) => (url: URL) => {
  url.password = password;
};

const wanted = (change: (topic: WantedTopic) => WantedTopic): readonly WantedTopic[] =>
  topicsOf({ partitions: PARTITIONS, replicationFactor: 1 }).map(change);

/** What is there is replaced. */
async function replaceTopics(topics: readonly WantedTopic[]): Promise<void> {
  await removeTopics(wanted((topic) => topic).map(({ topic }) => topic));
  await createTopics(cluster, topics);
}

/** Resolves when they are known no more: the deletion is acknowledged before the node's own picture has changed. */
async function removeTopics(names: readonly string[]): Promise<void> {
  await deleteTopics(cluster, names);
  for (;;) {
    const { topics } = await cluster.metadata(names);
    if (topics.every(({ errorCode }) => errorCode !== 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Keys as somebody has them who gives them to a new machine. */
function writeKeys(): void {
  for (const name of ["vault", "linkage"])
    writeFileSync(join(folder, "keys", `${name}.key`), `${"0f".repeat(32)}\n`);
}

describe("settings", () => {
  test(
    "that are missing are all named at once, with status 64",
    async () => {
      const all: Readonly<Record<RoleName, readonly string[]>> = {
        ingest: ["POSTGRES_URL", "VAULT_KEY_FILE", "LINKAGE_KEY_FILE", "LOCAL_KEY_FILE"],
        detector: ["REDIS_URL", "POSTGRES_URL"],
        alerts: ["POSTGRES_URL", "VAULT_KEY_FILE"],
        analytics: ["CLICKHOUSE_URL"],
      };
      for (const role of ROLES) {
        const lines = ["KAFKA_BROKERS", ...all[role]].map(
          (name) => `KADUN_${name}: not set; set KADUN_${name}: `,
        );
        refused(await runToEnd([role], {}), lines, 64);
      }
    },
    TEST_MS,
  );
});

describe("key files", () => {
  const KEYS_OF_ROLES = [
    ["ingest", "KADUN_VAULT_KEY_FILE"],
    ["ingest", "KADUN_LINKAGE_KEY_FILE"],
    ["alerts", "KADUN_VAULT_KEY_FILE"],
  ] as const;

  test(
    "that are missing are named with their settings and the command that makes them",
    async () => {
      const path = join(folder, "keys", "missing.key");
      for (const [role, variable] of KEYS_OF_ROLES) {
        const says = [
          `${variable}: ${path} is missing`,
          "'kadun topics create'",
          "restore it from its backup",
        ];
        refused(await start(role, { [variable]: path }), says);
      }
    },
    TEST_MS,
  );

  test(
    "that hold something else are named",
    async () => {
      const path = secretFile("other.key", "no key");
      const says = [`${path}: expected 64 hexadecimal digits`, "restore"];
      refused(await start("alerts", { KADUN_VAULT_KEY_FILE: path }), says);
    },
    TEST_MS,
  );
});

describe("Kafka", () => {
  test(
    "that nobody listens for is named with its address",
    async () => {
      const dead = `127.0.0.1:${deadPort}`;
      const changed = { KADUN_KAFKA_BROKERS: dead };
      const says = [
        dead,
        "nothing listens there: start the server or correct the address",
        "KADUN_KAFKA_BROKERS",
      ];
      await refusedByAll(changed, says);
      refused(await create(changed), says);
    },
    TEST_MS,
  );

  test(
    "that listens and never answers is given up in time",
    async () => {
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      try {
        const address = silent.address();
        const port = typeof address === "object" ? address!.port : 0;
        refused(await start("analytics", { KADUN_KAFKA_BROKERS: `127.0.0.1:${port}` }), [
          `127.0.0.1:${port}`,
        ]);
      } finally {
        silent.close();
      }
    },
    TEST_MS,
  );

  test(
    "that does not take the password says which user, not the password",
    async () => {
      const changed = { KADUN_KAFKA_PASSWORD_FILE: secretFile("wrong-password", WRONG) };
      const says = [kafka.bootstrap, 'SASL SCRAM-SHA-256 as "kadun"', SASL_SETTINGS];
      await refusedByAll(changed, says);
      refused(await create(changed), says);
      refused(await start("detector", { ...changed, KADUN_KAFKA_SASL: "plain" }), [/SASL PLAIN as "kadun"/]);
    },
    TEST_MS,
  );

  test(
    "that wants to know who we are is told by the settings that say it",
    async () => {
      const says = [kafka.bootstrap, "asks who we are", "SCRAM-SHA-256", SASL_SETTINGS];
      refused(await start("detector", NOBODY), says);
    },
    TEST_MS,
  );

  test(
    "that speaks no TLS is told so",
    async () => {
      refused(await start("detector", { KADUN_KAFKA_TLS: "on" }), [kafka.bootstrap, "speaks no TLS"]);
    },
    TEST_MS,
  );

  test(
    "for which a client's certificate is given that is none: the files' settings are named",
    async () => {
      const path = secretFile("none.pem", "no certificate");
      const certificate = { KADUN_KAFKA_CERTIFICATE_FILE: path, KADUN_KAFKA_KEY_FILE: path };
      const run = await start("detector", { KADUN_KAFKA_TLS: "on", ...NOBODY, ...certificate });
      refused(run, ["must be PEM", "KADUN_KAFKA_CERTIFICATE_FILE, KADUN_KAFKA_KEY_FILE"]);
    },
    TEST_MS,
  );
});

describe("topics", () => {
  test(
    "that are missing are made by 'kadun topics create'",
    async () => {
      await refusedByAll({}, [Topic.JOURNAL, "'kadun topics create'"]);
    },
    TEST_MS,
  );

  test(
    "of which one is missing: that one is named",
    async () => {
      await replaceTopics(wanted((topic) => topic).filter(({ topic }) => topic !== Topic.ANSWERS));
      await refusedByAll({}, [Topic.ANSWERS, "'kadun topics create'"]);
    },
    TEST_MS,
  );

  test(
    "whose times are the producers' are refused, with the command that mends them",
    async () => {
      await replaceTopics(
        wanted((topic) =>
          topic.topic === Topic.JOURNAL
            ? { ...topic, configs: { ...topic.configs, "message.timestamp.type": "CreateTime" } }
            : topic,
        ),
      );
      const says = [
        `topic ${Topic.JOURNAL}: message.timestamp.type is CreateTime, expected LogAppendTime`,
        `--entity-name ${Topic.JOURNAL} --add-config message.timestamp.type=LogAppendTime`,
      ];
      await refusedByAll({}, says);
      refused(await create(), says);
    },
    TEST_MS,
  );

  test(
    "several settings of several topics are named at once, a line each",
    async () => {
      await replaceTopics(
        wanted((topic) => ({ ...topic, configs: { ...topic.configs, "retention.ms": "60000" } })),
      );
      const run = await start("detector");
      refused(
        run,
        [Topic.JOURNAL, Topic.DECISIONS, Topic.DEAD_LETTERS].map((topic) => `topic ${topic}: retention.ms`),
      );
      expect(run.stderr.match(/retention\.ms is 60000/g)!.length).toBeGreaterThanOrEqual(4);
    },
    TEST_MS,
  );

  test(
    "of journal and decisions with different numbers of partitions are refused",
    async () => {
      await replaceTopics(
        wanted((topic) => (topic.topic === Topic.DECISIONS ? { ...topic, partitions: 3 } : topic)),
      );
      await refusedByAll({}, [`${Topic.JOURNAL} has 2 partitions, ${Topic.DECISIONS} 3`, "must be equal"]);
    },
    TEST_MS,
  );

  test(
    "that were just made by hand lack the first activation: a gateway says what writes it",
    async () => {
      await replaceTopics(wanted((topic) => topic));
      refused(await start("ingest"), ["activation", "'kadun topics create'"]);
    },
    TEST_MS,
  );
});

describe("'kadun topics create'", () => {
  beforeAll(() => removeTopics(wanted((topic) => topic).map(({ topic }) => topic)));

  test(
    "does not start from nothing where a server of its own is away, and is called again",
    async () => {
      const changed = { KADUN_POSTGRES_URL: at(postgres.url, withPort(deadPort)) };
      refused(await create(changed), [`127.0.0.1:${deadPort}`, "start the server"]);
      const run = await create();
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toContain("is active");
    },
    TEST_MS,
  );

  test(
    "says when a journal begins without a snapshot of known losses",
    async () => {
      const run = await create({}, ["--cold-start"]);
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout).toContain("started without a snapshot of known losses");
    },
    TEST_MS,
  );

  test(
    "again says that all is there and changes nothing",
    async () => {
      const before = await journalEnds();
      const run = await create({}, ["--cold-start"]);
      expect(run).toMatchObject({ status: 0, stderr: "" });
      expect(run.stdout.trim().split("\n")).toEqual(
        wanted((topic) => topic).map(({ topic }) => `${topic}: is there`),
      );
      expect(await journalEnds()).toEqual(before);
    },
    TEST_MS,
  );

  test(
    "with another number of partitions says what there is and changes nothing",
    async () => {
      refused(await create({}, ["--partitions", "3"]), [
        `topic ${Topic.JOURNAL}: partitions is 2, expected 3`,
        `topic ${Topic.DECISIONS}: partitions is 2, expected 3`,
        "set the number of partitions to 2",
      ]);
      expect(await cluster.partitionCount(Topic.JOURNAL)).toBe(PARTITIONS);
    },
    TEST_MS,
  );

  test(
    "with more copies than the cluster has nodes is refused by the server, with its reason",
    async () => {
      await removeTopics([Topic.ANSWERS]);
      refused(await create({}, ["--replication-factor", "3"]), [Topic.ANSWERS, "INVALID_REPLICATION_FACTOR"]);
      expect(await create()).toMatchObject({ status: 0 });
    },
    TEST_MS,
  );
});

describe("PostgreSQL", () => {
  const ROLES_ON_POSTGRES: readonly RoleName[] = ["ingest", "detector", "alerts"];

  test(
    "that nobody listens for is named with its address",
    async () => {
      const changed = { KADUN_POSTGRES_URL: at(postgres.url, withPort(deadPort)) };
      await refusedByAll(changed, [`127.0.0.1:${deadPort}`, "start the server"], ROLES_ON_POSTGRES);
    },
    TEST_MS,
  );

  test(
    "that does not take the password says which user, not the password",
    async () => {
      const changed = { KADUN_POSTGRES_URL: at(postgres.url, withPassword(WRONG)) };
      const says = [/check user \w+ and password/];
      await refusedByAll(changed, says, ROLES_ON_POSTGRES);
      refused(await create(changed), says);
    },
    TEST_MS,
  );

  test(
    "that 'kadun topics create' was not run with lacks the journal's bundle, and is refused",
    async () => {
      const empty = await temporaryPostgres();
      try {
        const says = ["KADUN_POSTGRES_URL", /bundle [0-9a-f]{64}/, "'kadun topics create'"];
        await refusedByAll({ KADUN_POSTGRES_URL: empty.url }, says, ["ingest", "detector"]);
      } finally {
        await empty.remove();
      }
    },
    TEST_MS,
  );

  test(
    "that a newer release has changed is refused",
    async () => {
      await runSql(
        postgres.url,
        "insert into schema_migrations (number, name, sha256) values (900, '900-later.sql', '')",
      );
      try {
        const says = ["900-later.sql", "install the newer release"];
        await refusedByAll({}, says, ROLES_ON_POSTGRES);
        refused(await create(), says);
      } finally {
        await runSql(postgres.url, "delete from schema_migrations where number = 900");
      }
    },
    TEST_MS,
  );
});

describe("Redis", () => {
  test(
    "that nobody listens for is named with its address",
    async () => {
      const changed = { KADUN_REDIS_URL: `redis://:${WRONG}@127.0.0.1:${deadPort}` };
      refused(await start("detector", changed), [`redis://127.0.0.1:${deadPort}`, "no connection"]);
    },
    TEST_MS,
  );

  test(
    "that does not take the password says so",
    async () => {
      const wrong = { KADUN_REDIS_URL: at(redis.url, withPassword(WRONG)) };
      refused(await start("detector", wrong), [`redis://127.0.0.1:${redis.port}`, "wrong user or password"]);
      const none = { KADUN_REDIS_URL: at(redis.url, withPassword("")) };
      refused(await start("detector", none), [`redis://127.0.0.1:${redis.port}`, "none was given"]);
    },
    TEST_MS,
  );

  test(
    "that throws keys away when it is full is refused, with the command that mends it",
    async () => {
      const forgetful = await startRedis({
        extra: ["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"],
      });
      try {
        const says = ["maxmemory-policy is allkeys-lru", "CONFIG SET maxmemory-policy noeviction"];
        refused(await start("detector", { KADUN_REDIS_URL: forgetful.url }), says);
      } finally {
        await forgetful.close();
      }
    },
    TEST_MS,
  );
});

describe("ClickHouse", () => {
  test(
    "that nobody listens for is named with its address",
    async () => {
      const url = `http://127.0.0.1:${deadPort}`;
      refused(await start("analytics", { KADUN_CLICKHOUSE_URL: url }), [url, "is the server running"]);
    },
    TEST_MS,
  );

  test(
    "that does not take the password says which user, not the password",
    async () => {
      const changed = { KADUN_CLICKHOUSE_PASSWORD_FILE: secretFile("wrong-password", WRONG) };
      refused(await start("analytics", changed), [clickhouse.user, /password/]);
    },
    TEST_MS,
  );

  test(
    "whose password file cannot be read: the setting is named",
    async () => {
      const path = join(folder, "no-such-file");
      const says = [`KADUN_CLICKHOUSE_PASSWORD_FILE: ${path} cannot be read (ENOENT)`, "name a file"];
      refused(await start("analytics", { KADUN_CLICKHOUSE_PASSWORD_FILE: path }), says, 64);
    },
    TEST_MS,
  );

  test(
    "that a newer release has changed is refused",
    async () => {
      const { url, user, password } = clickhouse;
      const database = await openClickhouseDatabase({ url, user, password, database: "kadun_role_start" });
      try {
        await database.run(
          "CREATE TABLE schema_migrations (version UInt32, name String, sha256 String, appliedAt DateTime64(3, 'Asia/Shanghai')) ENGINE = ReplacingMergeTree ORDER BY version",
        );
        await database.run("INSERT INTO schema_migrations VALUES (900, '900-later.sql', '', 0)");
        refused(await start("analytics"), ["900-later.sql", "install the newer release"]);
      } finally {
        await database.run("DROP TABLE schema_migrations");
        await database.close();
      }
    },
    TEST_MS,
  );
});

describe("addresses with a password in them", () => {
  test(
    "that cannot be used are refused without telling it",
    async () => {
      const redisUsers = { KADUN_REDIS_URL: `redis://:${WRONG}@127.0.0.1:${redis.port}/users` };
      refused(await start("detector", redisUsers), ["KADUN_REDIS_URL: Redis db", "a whole number"], 64);
      const notEncoded = { KADUN_REDIS_URL: `redis://:${WRONG}%@127.0.0.1:${redis.port}` };
      refused(await start("detector", notEncoded), ["KADUN_REDIS_URL: ", "write % as %25"], 64);
      const noDatabase = { KADUN_POSTGRES_URL: `postgres://kadun:${WRONG}@127.0.0.1` };
      refused(await start("alerts", noDatabase), ["names no database"]);
      const unknown = { KADUN_POSTGRES_URL: `postgres://kadun:${WRONG}@127.0.0.1/kadun?pool=3` };
      refused(await start("alerts", unknown), ["has the parameter pool"]);
      const withLogin = { KADUN_CLICKHOUSE_URL: `http://kadun:${WRONG}@127.0.0.1:${deadPort}` };
      refused(await start("analytics", withLogin), ["user, password and settings stand beside the address"]);
    },
    TEST_MS,
  );
});

describe("a machine", () => {
  test(
    "on which another program has the port: port and option are named",
    async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      try {
        const address = other.address();
        const port = String(typeof address === "object" ? address!.port : 0);
        for (const role of ROLES)
          refused(await start(role, {}, port), [`port ${port}: another program listens on it`, "--port"]);
      } finally {
        await new Promise((resolve) => other.close(resolve));
      }
    },
    TEST_MS,
  );

  test(
    "that has not the API key of the register: the file is named",
    async () => {
      const path = secretFile("other-local.key", "kdn_local_0000");
      refused(await start("ingest", { KADUN_LOCAL_KEY_FILE: path }), [path, "'kadun topics create'"]);
      const missing = join(folder, "keys", "missing.key");
      refused(await start("ingest", { KADUN_LOCAL_KEY_FILE: missing }), [missing, "'kadun topics create'"]);
    },
    TEST_MS,
  );

  test(
    "whose folder for SMS cannot be written: the path is named",
    async () => {
      const path = join(secretFile("a-file", ""), "outbox.ndjson");
      refused(await start("alerts", { KADUN_SMS_OUTBOX: path }), [
        `KADUN_SMS_OUTBOX: ${path}`,
        "name a file in a folder",
      ]);
    },
    TEST_MS,
  );
});

async function journalEnds(): Promise<readonly number[]> {
  const log = kafkaEventLog(cluster, { clock: systemClock, logger: silentLogger });
  try {
    return await Promise.all(
      Array.from(
        { length: PARTITIONS },
        async (_, partition) => (await log.bounds(Topic.JOURNAL, partition)).end,
      ),
    );
  } finally {
    await log.close();
  }
}
