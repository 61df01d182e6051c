/** Kafka as the roles use it: the event log and the groups, opened from settings. */

import type { SettingsOf } from "../../platform/config/settings.js";
import { type EventLog, EventLogError } from "../../platform/event-log/event-log.js";
import type { FetchPace } from "../../platform/event-log/kafka/fetch-lane.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import type { KafkaOptions, KafkaSasl, KafkaTls } from "../../platform/event-log/kafka/kafka-options.js";
import { oauthClientCredentials } from "../../platform/event-log/kafka/oauth-client-credentials.js";
import type { JoinPartitionGroup } from "../../platform/event-log/partition-group.js";
import { fileOf } from "../distributed/read-settings.js";
import type { KAFKA_SETTINGS, LIVE_SETTINGS } from "../distributed/settings.js";
import { OperatingError, UsageError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import type { Closers } from "../process/closers.js";

/**
 * Of the 25 s of an orderly end (cli/distributed/role.ts). An append is tried for 30 s, questions for 15 s: where no
 * broker answers by now, whoever waits for one is told, and there is time left for what waits for other servers.
 */
const CUT_AFTER_MS = 12_000;
/** A pause that is wanted is no shorter than what timers can tell. */
const LEAST_PAUSE_MS = 1;

/** Swipes wait at terminals for what a detector or a gateway fetches. */
export function liveFetchPace({
  fetchPauseMs,
}: Pick<SettingsOf<typeof LIVE_SETTINGS>, "fetchPauseMs">): FetchPace {
  return { leastMs: Math.min(LEAST_PAUSE_MS, fetchPauseMs), mostMs: fetchPauseMs };
}

type KafkaSettings = SettingsOf<typeof KAFKA_SETTINGS>;

export interface KafkaParts {
  /** For questions about topics. */
  readonly cluster: KafkaCluster;
  readonly log: EventLog;
  readonly joinGroup: JoinPartitionGroup;
}

/** @throws UsageError, OperatingError naming the settings to look at. */
export async function openKafka(
  settings: KafkaSettings,
  { clock, logger, metrics }: ProcessPlatform,
  closers: Closers,
  reading: { readonly fetchPace?: FetchPace } = {},
): Promise<KafkaParts> {
  const options = kafkaOptions(settings);
  const cluster = closers.add(await openCluster(options));
  closers.cutAfter(CUT_AFTER_MS, cluster);
  const log = closers.add(
    kafkaEventLog(cluster, { clock, logger, metrics, compression: settings.kafkaCompression, ...reading }),
  );
  const { sessionTimeoutMs } = settings;
  return { cluster, log, joinGroup: kafkaPartitionGroups({ cluster, clock, logger, sessionTimeoutMs }) };
}

async function openCluster(options: KafkaOptions): Promise<KafkaCluster> {
  try {
    return await KafkaCluster.open(options);
  } catch (error) {
    if (!(error instanceof EventLogError)) throw error;
    throw new OperatingError(`${error.message}; see ${settingsBehind(error, options)}`);
  }
}

function settingsBehind({ code }: EventLogError, { tls, sasl }: KafkaOptions): string {
  const login = ["SASL", "USERNAME", "PASSWORD_FILE"];
  const certificates = ["CA_FILE", "CERTIFICATE_FILE", "KEY_FILE"];
  const names = code === "NOT_AUTHORIZED" ? login : ["BROKERS", "TLS"];
  if (tls !== null && (code !== "NOT_AUTHORIZED" || sasl === null)) names.push(...certificates);
  return names.map((name) => `KADUN_KAFKA_${name}`).join(", ");
}

/** @throws UsageError where settings do not go together. */
export function kafkaOptions(settings: KafkaSettings): KafkaOptions {
  const { kafkaBrokers, kafkaCompression } = settings;
  return {
    brokers: kafkaBrokers,
    clientId: "kadun",
    tls: tlsOf(settings),
    sasl: saslOf(settings),
    compression: kafkaCompression,
  };
}

function tlsOf({
  kafkaTls,
  kafkaCaFile,
  kafkaCertificateFile,
  kafkaKeyFile,
}: KafkaSettings): KafkaTls | null {
  if (!kafkaTls) {
    const files = {
      KADUN_KAFKA_CA_FILE: kafkaCaFile,
      KADUN_KAFKA_CERTIFICATE_FILE: kafkaCertificateFile,
      KADUN_KAFKA_KEY_FILE: kafkaKeyFile,
    };
    refuseUnused(files, "KADUN_KAFKA_TLS is off; set it to on");
    return null;
  }
  const ca = fileOf("KADUN_KAFKA_CA_FILE", kafkaCaFile);
  const certificate = fileOf("KADUN_KAFKA_CERTIFICATE_FILE", kafkaCertificateFile);
  const key = fileOf("KADUN_KAFKA_KEY_FILE", kafkaKeyFile);
  if ((certificate === null) !== (key === null))
    throw new UsageError(
      "KADUN_KAFKA_CERTIFICATE_FILE, KADUN_KAFKA_KEY_FILE: one is set without the other; a client's certificate needs its key",
    );
  return {
    ...(ca === null ? {} : { ca }),
    ...(certificate === null || key === null ? {} : { certificate, key }),
  };
}

const MECHANISMS = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;

function saslOf({
  kafkaSasl,
  kafkaUsername,
  kafkaPasswordFile,
  kafkaTokenUrl,
}: KafkaSettings): KafkaSasl | null {
  if (kafkaSasl === "none") {
    const login = {
      KADUN_KAFKA_USERNAME: kafkaUsername,
      KADUN_KAFKA_PASSWORD_FILE: kafkaPasswordFile,
      KADUN_KAFKA_TOKEN_URL: kafkaTokenUrl,
    };
    refuseUnused(login, "KADUN_KAFKA_SASL is none; set it to a mechanism");
    return null;
  }
  const password = fileOf("KADUN_KAFKA_PASSWORD_FILE", kafkaPasswordFile)?.trimEnd() ?? "";
  if (kafkaUsername === "" || kafkaPasswordFile === "")
    throw new UsageError(
      `KADUN_KAFKA_SASL is ${kafkaSasl}; set KADUN_KAFKA_USERNAME and KADUN_KAFKA_PASSWORD_FILE too`,
    );
  if (password === "")
    throw new UsageError(
      `KADUN_KAFKA_PASSWORD_FILE: ${kafkaPasswordFile} is empty; expected the password and nothing else`,
    );
  if (kafkaSasl !== "oauthbearer")
    return { mechanism: MECHANISMS[kafkaSasl], username: kafkaUsername, password };
  if (!URL.canParse(kafkaTokenUrl) || !/^https?:$/.test(new URL(kafkaTokenUrl).protocol))
    throw new UsageError(
      `KADUN_KAFKA_TOKEN_URL: '${kafkaTokenUrl}', expected the address (https://) where tokens are had; set it, since KADUN_KAFKA_SASL is oauthbearer`,
    );
  const token = oauthClientCredentials({
    url: kafkaTokenUrl,
    clientId: kafkaUsername,
    clientSecret: password,
  });
  return { mechanism: "OAUTHBEARER", token };
}

/** Who gives a certificate or a password believes that it is used. */
function refuseUnused(given: Readonly<Record<string, string>>, why: string): void {
  const names = Object.keys(given).filter((name) => given[name] !== "");
  if (names.length === 0) return;
  throw new UsageError(
    `${names.join(", ")}: given, but ${why}, or take ${names.length === 1 ? "it" : "them"} away`,
  );
}
