/** Official images of the servers, and how each is run in a container as its starter runs the program. */

import type { ServerImage } from "./container-server.js";

const KAFKA_HOME = "/opt/kafka";

export const images = {
  kafka: process.env.KADUN_TEST_KAFKA_IMAGE || "apache/kafka:4.1.0",
  redis: process.env.KADUN_TEST_REDIS_IMAGE || "redis:8",
  postgres: process.env.KADUN_TEST_POSTGRES_IMAGE || "postgres:18",
  clickhouse: process.env.KADUN_TEST_CLICKHOUSE_IMAGE || "clickhouse/clickhouse-server:25.8",
} as const;

export interface KafkaImagePlan {
  readonly id: number;
  readonly settingsFile: string;
  readonly keystoreFiles: readonly string[];
  /** Arguments of the storage's formatting, behind the settings file. */
  readonly formatArguments: readonly string[];
  readonly heapMb: number;
  /** Of the listener without user and key. */
  readonly internalPort: number;
}

/** Its storage is formatted by the first start; a later one leaves it. */
export function kafkaImage(plan: KafkaImagePlan): ServerImage {
  const format = [
    `${KAFKA_HOME}/bin/kafka-storage.sh`,
    "format",
    "--ignore-formatted",
    "-c",
    plan.settingsFile,
  ];
  const start = ["exec", `${KAFKA_HOME}/bin/kafka-server-start.sh`, plan.settingsFile];
  return {
    name: `Kafka node ${plan.id}`,
    image: images.kafka,
    environment: { KAFKA_HEAP_OPTS: `-Xms${plan.heapMb}m -Xmx${plan.heapMb}m` },
    shell: true,
    command: [`${shellLine([...format, ...plan.formatArguments])} && ${shellLine(start)}`],
    files: [plan.settingsFile, ...plan.keystoreFiles],
    readyCommand: `nc -z 127.0.0.1 ${plan.internalPort}`,
  };
}

export function redisImage(plan: {
  port: number;
  password: string | null;
  arguments: readonly string[];
}): ServerImage {
  const login = plan.password === null ? [] : ["--no-auth-warning", "-a", plan.password];
  const ask = ["redis-cli", "-p", String(plan.port), ...login];
  const isReplica = plan.arguments.includes("--replicaof");
  return {
    name: "Redis",
    image: images.redis,
    command: ["redis-server", ...plan.arguments],
    readyCommand: isReplica
      ? `${shellLine([...ask, "info", "replication"])} | grep -q master_link_status:up`
      : `${shellLine([...ask, "ping"])} | grep -q PONG`,
  };
}

export function postgresImage(plan: {
  port: number;
  user: string;
  password: string;
  settings: readonly string[];
}): ServerImage {
  return {
    name: "PostgreSQL",
    image: images.postgres,
    environment: { POSTGRES_USER: plan.user, POSTGRES_PASSWORD: plan.password, POSTGRES_DB: "postgres" },
    command: ["postgres", ...plan.settings],
    // While the image makes its database the server listens on its socket only.
    readyCommand: `pg_isready -h 127.0.0.1 -p ${plan.port}`,
  };
}

function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
