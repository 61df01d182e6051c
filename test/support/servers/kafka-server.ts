/**
 * Kafka of one or three nodes of this process, on free ports of 127.0.0.1: child processes in a temporary directory, or
 * containers. Topics are made by whoever needs them: none comes by itself.
 */

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pomProperty } from "../../../bench/end-to-end/versions.js";
import { kafkaJars } from "../../../tools/kafka-artifacts.js";
import { serverMode } from "../../../tools/server-mode.js";
import { ContainerServer } from "./container-server.js";
import { freePorts } from "./free-ports.js";
import { images, kafkaImage } from "./images.js";
import { type KafkaKeystore, makeKeystore } from "./kafka-keystore.js";
import { type KafkaPorts, kafkaProperties, propertiesFile } from "./kafka-properties.js";
import { type KafkaUsers, saslProperties, scramArguments } from "./kafka-users.js";
import type { Server } from "./server.js";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.js";
import { ServerProcess } from "./server-process.js";

const LOGGING = fileURLToPath(new URL("./kafka/log4j2.properties", import.meta.url));
/** Enough for the suites; three nodes share the machine. */
const HEAP_MB = { 1: 384, 3: 256 } as const;
const HOST = "127.0.0.1";
/** By Java's first compiler alone: the second one takes more from the machine than a suite's broker saves. */
const COMPILED_SOON = ["-XX:TieredStopAtLevel=1"];
/** What Kafka's own start script (kafka-run-class.sh) gives it, beside G1, where nobody says otherwise. */
const AS_KAFKA_STARTS = [
  "-XX:MaxGCPauseMillis=20",
  "-XX:InitiatingHeapOccupancyPercent=35",
  "-XX:+ExplicitGCInvokesConcurrent",
  "-XX:MaxInlineLevel=15",
];

export interface KafkaServerOptions {
  readonly nodes?: 1 | 3;
  /** Of each node. */
  readonly heapMb?: number;
  /** For measurements: as Kafka starts it, its code compiled to be quick at the cost of the minutes until then. */
  readonly runsLong?: boolean;
  /** File that a node writes its classes to when it stops (`kafka-class-archive.ts`). */
  readonly archiveClassesAt?: string;
  /** Of each node's server.properties; override those of the starter. */
  readonly properties?: Readonly<Record<string, string>>;
  /** With them clients must say who they are (SASL); a token of OAUTHBEARER: `unsecuredToken`. */
  readonly users?: KafkaUsers;
  /** With it clients must speak TLS and trust `caFile`. */
  readonly tls?: boolean;
}

export interface KafkaNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** Of the last start. */
  readonly pid: number;
  /** kill -9. */
  kill(): Promise<void>;
  /** Orderly: leaders move first. With three nodes, two must live. */
  stop(): Promise<void>;
  /** Same ports, same data; resolves when ready, which with three nodes needs two of them: start those at once. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface KafkaServers {
  /** "127.0.0.1:port", with a comma between nodes. */
  readonly bootstrap: string;
  readonly nodes: readonly KafkaNode[];
  /** Certificate to trust, as PEM; null without TLS. */
  readonly caFile: string | null;
  /** kill -9 and the directory removed. */
  close(): Promise<void>;
}

export async function startKafka(options: KafkaServerOptions = {}): Promise<KafkaServers> {
  const mode = await serverMode();
  const directory = makeServerDirectory();
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((each) => each.discard()));
    removeServerDirectory(directory);
  };
  try {
    const plan = await planCluster(options, directory);
    servers.push(...(await (mode === "docker" ? nodeContainers(plan) : nodeProcesses(plan))));
    await Promise.all(servers.map((each) => each.start()));
    const nodes = servers.map((each, i) => nodeOf(each, i + 1, plan.ports[i]!.client));
    const bootstrap = nodes.map(({ host, port }) => `${host}:${port}`).join(",");
    return { bootstrap, nodes, caFile: plan.keystore?.caFile ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface ClusterPlan {
  readonly directory: string;
  readonly clusterId: string;
  readonly ports: readonly KafkaPorts[];
  readonly heapMb: number;
  /** Of the Java machine, besides the heap. */
  readonly java: readonly string[];
  readonly users: KafkaUsers;
  readonly keystore: KafkaKeystore | null;
}

async function planCluster(options: KafkaServerOptions, directory: string): Promise<ClusterPlan> {
  const { nodes = 1, users = {}, tls = false } = options;
  const free = await freePorts(3 * nodes);
  const ports = Array.from({ length: nodes }, (_, i) => ({
    client: free[3 * i]!,
    internal: free[3 * i + 1]!,
    controller: free[3 * i + 2]!,
  }));
  const keystore = tls ? await makeKeystore(directory) : null;
  const more = {
    ...(options.users === undefined ? {} : saslProperties(users)),
    ...keystore?.properties,
    ...options.properties,
  };
  const clientProtocol = protocolOf(options.users !== undefined, tls);
  for (let id = 1; id <= nodes; id++) {
    mkdirSync(nodeFolder(directory, id));
    const dataDirectory = join(nodeFolder(directory, id), "data");
    const properties = kafkaProperties({ id, ports, dataDirectory, clientProtocol, more });
    writeFileSync(settingsFile(directory, id), propertiesFile(properties));
  }
  return {
    directory,
    // Not base64url: one that begins with "-" would be taken for an option.
    clusterId: randomBytes(11).toString("hex"),
    ports,
    heapMb: options.heapMb ?? HEAP_MB[nodes],
    java: [
      ...(options.runsLong === true ? AS_KAFKA_STARTS : COMPILED_SOON),
      ...(options.archiveClassesAt === undefined
        ? []
        : [`-XX:ArchiveClassesAtExit=${options.archiveClassesAt}`]),
    ],
    users,
    keystore,
  };
}

/** Of the nodes that are started here. */
export async function kafkaVersion(): Promise<string> {
  if ((await serverMode()) === "docker") return images.kafka.replace(/^.*:/, "");
  return pomProperty("test/support/servers/kafka", "kafka.version");
}

function protocolOf(sasl: boolean, tls: boolean): "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL" {
  if (sasl) return tls ? "SASL_SSL" : "SASL_PLAINTEXT";
  return tls ? "SSL" : "PLAINTEXT";
}

function nodeFolder(directory: string, id: number): string {
  return join(directory, `kafka-${id}`);
}

function settingsFile(directory: string, id: number): string {
  return join(nodeFolder(directory, id), "server.properties");
}

async function nodeContainers(plan: ClusterPlan): Promise<readonly Server[]> {
  return plan.ports.map(({ internal }, i) => {
    const image = kafkaImage({
      id: i + 1,
      settingsFile: settingsFile(plan.directory, i + 1),
      keystoreFiles: plan.keystore === null ? [] : [plan.keystore.file],
      formatArguments: formatArguments(plan),
      heapMb: plan.heapMb,
      internalPort: internal,
    });
    return new ContainerServer(image);
  });
}

async function nodeProcesses(plan: ClusterPlan): Promise<readonly Server[]> {
  const jars = await kafkaJars();
  const ids = plan.ports.map((_, i) => i + 1);
  await Promise.all(ids.map((id) => format(plan, id, jars)));
  return ids.map((id) => nodeProcess(plan, id, jars));
}

function formatArguments({ clusterId, users }: ClusterPlan): readonly string[] {
  return ["--cluster-id", clusterId, ...scramArguments(users)];
}

async function format(plan: ClusterPlan, id: number, jars: string): Promise<void> {
  const java = ["-Xmx128m", ...COMPILED_SOON, ...javaProgram(jars)];
  const tool = ["kafka.tools.StorageTool", "format", "-c", settingsFile(plan.directory, id)];
  try {
    await promisify(execFile)("java", [...java, ...tool, ...formatArguments(plan)]);
  } catch (error) {
    throw new Error(`Kafka node ${id}: its storage could not be formatted: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function nodeProcess(plan: ClusterPlan, id: number, jars: string): Server {
  const heap = [`-Xms${plan.heapMb}m`, `-Xmx${plan.heapMb}m`, "-XX:+UseG1GC", ...plan.java];
  return new ServerProcess({
    name: `Kafka node ${id}`,
    directory: plan.directory,
    logName: `kafka-${id}`,
    command: "java",
    arguments: [...heap, ...javaProgram(jars), "kafka.Kafka", settingsFile(plan.directory, id)],
    readyLine: /Kafka Server started/,
  });
}

/** `kafka-class-archive.ts`; in the folder of the jars, without which it is worth nothing. */
export function classArchive(jars: string): string {
  return join(jars, "classes.jsa");
}

function javaProgram(jars: string): readonly string[] {
  const archive = classArchive(jars);
  const mapped = existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
  return [...mapped, `-Dlog4j2.configurationFile=${LOGGING}`, "-cp", join(jars, "*")];
}

function nodeOf(server: Server, id: number, port: number): KafkaNode {
  return {
    id,
    host: HOST,
    port,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    stop: () => server.stop(),
    start: () => server.start(),
    pause: () => server.pause(),
    resume: () => server.resume(),
  };
}
