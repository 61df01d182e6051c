/** `kadun topics create`: everything a distributed Kadun needs before its processes start. */

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { systemClock } from "../platform/clock/system-clock.js";
import { wholeNumber } from "../platform/config/setting-kinds.js";
import type { SettingsOf, SettingsTable } from "../platform/config/settings.js";
import { createTopics } from "../platform/event-log/kafka/create-topics.js";
import { openKeyFile } from "../platform/lifecycle/key-file.js";
import { createPinoLogger } from "../platform/logger/pino/pino-logger.js";
import { noMetrics } from "../platform/metrics/metrics.js";
import { Topic } from "../schemas/topics.js";
import { JournalWriter } from "../services/ingest/journal-writer.js";
import { Networks } from "../services/ingest/networks.js";
import { loadBundle } from "./bundle-files.js";
import { BundleRegister } from "./bundle-register.js";
import { openPostgres, openRegister } from "./compose/distributed.js";
import { type KafkaParts, openKafka } from "./compose/kafka.js";
import { checkLogTopics, topicsError } from "./distributed/check-topics.js";
import { isBootstrapKnown } from "./distributed/known-bootstrap.js";
import { optionsOf, settingsFrom, settingsHelp } from "./distributed/read-settings.js";
import { SETUP_SETTINGS } from "./distributed/settings.js";
import { PARTITIONS_DEFAULT, topicsOf } from "./distributed/topics.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { migratePostgres } from "./process/alerts-process.js";
import { Closers } from "./process/closers.js";
import { coldStart, ensureFirstActivation } from "./process/first-records.js";
import { ensureLocalKey } from "./process/local-key.js";
import { startError } from "./process/start-errors.js";

const PARTITIONS_MAX = 1000;
const REPLICAS_MAX = 9;

const TOPICS_SETTINGS = {
  ...SETUP_SETTINGS,
  partitions: {
    option: "partitions",
    variable: "KADUN_PARTITIONS",
    fallback: String(PARTITIONS_DEFAULT),
    help: "partitions of journal and decisions; never changed later",
    kind: wholeNumber(1, PARTITIONS_MAX),
  },
  replicationFactor: {
    option: "replication-factor",
    variable: "KADUN_REPLICATION_FACTOR",
    fallback: "3",
    help: "copies of each partition; 1 only for trying out",
    kind: wholeNumber(1, REPLICAS_MAX),
  },
} as const satisfies SettingsTable;

export const TOPICS_USAGE = `kadun topics create [--partitions N] [--replication-factor N] [--cold-start]

Makes the topics in Kafka, the tables of the registers, the keys (where their files are missing and nothing was made with
others), stores the bundle of this release and writes the first activation. Again is nothing: what is there is checked,
and never changed.
--cold-start    there is no snapshot of known losses to import: answers are not degraded
${settingsHelp(TOPICS_SETTINGS)}
Exit status: 0 done, 1 failed, 64 usage.`;

type Settings = SettingsOf<typeof TOPICS_SETTINGS>;

export async function topics(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...optionsOf(TOPICS_SETTINGS),
      "cold-start": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(TOPICS_USAGE);
    return ExitStatus.DONE;
  }
  if (positionals.join(" ") !== "create") throw new UsageError(`expected create\n\n${TOPICS_USAGE}`);
  const settings = settingsFrom(TOPICS_SETTINGS, values, process.env);
  const closers = new Closers();
  try {
    await create(settings, values["cold-start"] === true, closers);
    return ExitStatus.DONE;
  } catch (error) {
    throw startError(error, { port: 0, option: "--port" });
  } finally {
    await closers.close();
  }
}

async function create(settings: Settings, isColdStart: boolean, closers: Closers): Promise<void> {
  const logger = createPinoLogger({ level: settings.logLevel }).with({ service: "topics" });
  const platform = { clock: systemClock, logger, metrics: noMetrics, metricsText: NO_TEXT };
  const kafka = await openKafka(settings, platform, closers);
  const { created, problems } = await createTopics(kafka.cluster, topicsOf(settings));
  for (const { topic, partitions, replicationFactor } of topicsOf(settings))
    console.log(
      created.includes(topic)
        ? `${topic}: made, ${partitions} partitions, ${replicationFactor} copies`
        : `${topic}: is there`,
    );
  if (problems.length > 0) throw topicsError(problems);
  makeKeys(settings, created.includes(Topic.JOURNAL));
  const database = await openPostgres(settings, closers);
  await migratePostgres(database);
  const networks = await Networks.open(openRegister(database, "networks", closers), systemClock);
  await ensureLocalKey(settings.localKeyFile, networks);
  const bundle = loadBundle();
  await new BundleRegister(openRegister(database, "bundles", closers)).put(bundle);
  await writeFirstRecords(kafka, bundle.bundle.hash, isColdStart, closers);
}

/** Where there is a journal, its keys exist: others would make it and all contacts unreadable. */
function makeKeys({ linkageKeyFile, vaultKeyFile }: Settings, isNew: boolean): void {
  for (const path of [linkageKeyFile, vaultKeyFile]) {
    const isMissing = !existsSync(path);
    openKeyFile(path, { mayMake: isNew });
    if (isMissing) console.log(`${path}: made; keep a copy where the data is not`);
  }
}

async function writeFirstRecords(
  kafka: KafkaParts,
  bundleHash: string,
  isColdStart: boolean,
  closers: Closers,
): Promise<void> {
  const partitionCount = await checkLogTopics(kafka);
  const producer = closers.add(await kafka.log.producer(Topic.JOURNAL));
  const writer = closers.add(new JournalWriter({ producer, partitionCount }));
  const isFirst = await ensureFirstActivation(kafka.log, writer, bundleHash);
  if (isFirst) console.log(`${Topic.JOURNAL}: bundle ${bundleHash.slice(0, 12)} is active`);
  if (!isColdStart || (await isBootstrapKnown(kafka.log, partitionCount))) return;
  await writer.appendToAll(coldStart(systemClock.now()));
  console.log(`${Topic.JOURNAL}: started without a snapshot of known losses`);
}

const NO_TEXT = { contentType: "text/plain", text: async () => "" };
