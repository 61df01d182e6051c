/** server.properties of one node, combined broker and controller, of a small cluster that fails over quickly. */

export interface KafkaPorts {
  readonly client: number;
  readonly internal: number;
  readonly controller: number;
}

export interface KafkaNodePlan {
  readonly id: number;
  /** Of all nodes, by id - 1. */
  readonly ports: readonly KafkaPorts[];
  /** Absolute: a restart may have another working directory. */
  readonly dataDirectory: string;
  readonly clientProtocol: "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";
  /** Override everything else. */
  readonly more: Readonly<Record<string, string>>;
}

export function kafkaProperties(plan: KafkaNodePlan): Readonly<Record<string, string>> {
  return {
    ...listeners(plan),
    "process.roles": "broker,controller",
    "node.id": String(plan.id),
    "log.dirs": plan.dataDirectory,
    ...COMMON,
    ...(plan.ports.length === 1 ? ONE_NODE : SEVERAL_NODES),
    ...plan.more,
  };
}

export function propertiesFile(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Brokers talk with each other past the listener of the clients, so that only clients need a user and a key. */
function listeners({ id, ports, clientProtocol }: KafkaNodePlan): Readonly<Record<string, string>> {
  const own = ports[id - 1]!;
  const at = (port: number): string => `127.0.0.1:${port}`;
  const forBrokers = `CLIENT://${at(own.client)},INTERNAL://${at(own.internal)}`;
  return {
    listeners: `${forBrokers},CONTROLLER://${at(own.controller)}`,
    "advertised.listeners": forBrokers,
    "listener.security.protocol.map": `CLIENT:${clientProtocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "INTERNAL",
    "controller.quorum.voters": ports.map((each, i) => `${i + 1}@${at(each.controller)}`).join(","),
  };
}

const COMMON: Readonly<Record<string, string>> = {
  "num.partitions": "12",
  "auto.create.topics.enable": "false",
  "offsets.topic.num.partitions": "4",
  "transaction.state.log.num.partitions": "4",
  "share.coordinator.state.topic.num.partitions": "1",
  "group.initial.rebalance.delay.ms": "0",
  "group.min.session.timeout.ms": "1000",
  "controlled.shutdown.enable": "true",
  // Small: several brokers share a machine of two cores with the suites.
  "log.cleaner.dedupe.buffer.size": "16777216",
  "num.network.threads": "2",
  "num.io.threads": "4",
  "background.threads": "2",
  "num.recovery.threads.per.data.dir": "1",
  "metrics.num.samples": "2",
};

/** With the default session a broker that was killed waits 9 s longer before it may register again. */
const ONE_NODE: Readonly<Record<string, string>> = {
  ...replicated(1, 1),
  "broker.session.timeout.ms": "2000",
  "broker.heartbeat.interval.ms": "250",
};

const SEVERAL_NODES: Readonly<Record<string, string>> = {
  ...replicated(3, 2),
  "min.insync.replicas": "2",
  "broker.session.timeout.ms": "3000",
  "broker.heartbeat.interval.ms": "500",
  "replica.lag.time.max.ms": "5000",
};

function replicated(factor: number, inSync: number): Readonly<Record<string, string>> {
  return {
    "default.replication.factor": String(factor),
    "offsets.topic.replication.factor": String(factor),
    "transaction.state.log.replication.factor": String(factor),
    "transaction.state.log.min.isr": String(inSync),
    "share.coordinator.state.topic.replication.factor": String(factor),
    "share.coordinator.state.topic.min.isr": String(inSync),
  };
}
