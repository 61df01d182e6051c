/** A backtest of a journal in Kafka, with its bundles in PostgreSQL, by the settings of the roles. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateCity } from "../../bench/city/city.js";
import { loggedBodies } from "../../cli/backtest/logged-bodies.js";
import { Detectors } from "../../cli/embedded/detectors.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import { backtestResult } from "../../schemas/backtest.js";
import { Topic } from "../../schemas/topics.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";
import { type Environment, runToEnd } from "./refused-start.js";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const PARTITIONS = 3;
const LINES = 2_000;
const START_MS = 120_000;
/** Three programs that read a journal one after another, beside other suites. */
const BACKTEST_MS = 90_000;

let folder: string;
let kafka: KafkaServers;
let postgres: TemporaryPostgres;
let cluster: KafkaCluster;
let log: EventLog;
let environment: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-backtest-kafka-"));
  mkdirSync(join(folder, "keys"));
  [kafka, postgres] = await Promise.all([startKafka(), temporaryPostgres()]);
  environment = {
    KADUN_KAFKA_BROKERS: kafka.bootstrap,
    KADUN_POSTGRES_URL: postgres.url,
    KADUN_VAULT_KEY_FILE: join(folder, "keys", "vault.key"),
    KADUN_LINKAGE_KEY_FILE: join(folder, "keys", "linkage.key"),
    KADUN_LOCAL_KEY_FILE: join(folder, "keys", "local.key"),
    KADUN_PARTITIONS: String(PARTITIONS),
    KADUN_REPLICATION_FACTOR: "1",
    TMPDIR: folder,
  };
  const created = await runToEnd(["topics", "create", "--cold-start"], environment);
  if (created.status !== 0) throw new Error(created.stderr);
  cluster = await KafkaCluster.open({
    brokers: [kafka.bootstrap],
    clientId: "backtest-test",
    tls: null,
    sasl: null,
  });
  log = kafkaEventLog(cluster, {
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    compression: "none",
  });
  await judgedLive();
}, START_MS);

afterAll(async () => {
  await log?.close();
  await cluster?.close();
  await Promise.all([kafka?.close(), postgres?.remove()]);
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

/** A city's records appended and judged by detectors. */
async function judgedLive(): Promise<void> {
  const writer = new JournalWriter({
    producer: await log.producer(Topic.JOURNAL),
    partitionCount: PARTITIONS,
  });
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
  const appends: Promise<unknown>[] = [];
  for (const { raw } of generateCity({ seed: 3, persons: 1_000, days: 20 })) {
    if (appends.length === LINES) break;
    const record = acceptRecord(raw, context);
    if (!isRefusal(record) && "personKey" in record) appends.push(writer.append(record));
  }
  await Promise.all(appends);
  await writer.close();
  const ends = await Promise.all(
    Array.from(
      { length: PARTITIONS },
      async (_, partition) => (await log.bounds(Topic.JOURNAL, partition)).end,
    ),
  );
  let failure: unknown = null;
  const detectors = await Detectors.open(
    {
      log,
      producer: await log.producer(Topic.DECISIONS),
      store: new MemoryStateStore(new MemoryStateWorld()),
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
      bundles: { load: async (hash) => (hash === defaultBundle.bundle.hash ? defaultBundle.bundle : null) },
    },
    PARTITIONS,
    (error) => {
      failure = error;
    },
  );
  const running = detectors.run();
  while (failure === null && !detectors.hasJudged(ends)) await systemClock.sleep(20);
  detectors.stop();
  await running;
  if (failure !== null) throw failure;
}

test("the draft that runs is what the detectors wrote, body by body", async () => {
  const draft = join(folder, "draft.json");
  writeFileSync(draft, JSON.stringify(defaultBundle.content));
  const run = await runToEnd(
    ["rules", "backtest", "--bundle", draft, "--journal", "--workers", "2", "--json"],
    environment,
    BACKTEST_MS,
  );
  expect(run.stderr).not.toContain("kadun:");
  expect(run.status).toBe(0);
  const result = backtestResult.parse(JSON.parse(run.stdout));
  expect(result).toMatchObject({
    source: "journal in Kafka",
    stronger: 0,
    weaker: 0,
    onlyDraft: 0,
    onlyBaseline: 0,
  });
  expect(result.swipes).toBeGreaterThan(1_000);
  expect(result.bodies).toEqual(await loggedBodies(log));
}, 180_000);

test("a register that cannot be reached is one message, with how to go on", async () => {
  const draft = join(folder, "draft.json");
  const away = { ...environment, KADUN_POSTGRES_URL: "postgres://nobody:x@127.0.0.1:1/none" };
  const run = await runToEnd(["rules", "backtest", "--bundle", draft, "--journal"], away);
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/^kadun: .*--resume --work-dir/m);
  expect(run.stderr).not.toMatch(/^\s+at /m);
}, 60_000);
