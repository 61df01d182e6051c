import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import type { KafkaOptions } from "../../platform/event-log/kafka/kafka-options.js";
import { findCoordinatorRequest, metadataRequest } from "../../platform/event-log/kafka/metadata-request.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";

const STARTED_WITHIN_MS = 60_000;
const REQUEST_TIMEOUT_MS = 1_000;

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
beforeAll(() => void process.on("unhandledRejection", onUnhandled));
afterAll(() => {
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

function optionsOf(servers: KafkaServers): KafkaOptions {
  const brokers = ["127.0.0.1:1", ...servers.bootstrap.split(",")];
  return { brokers, clientId: "cluster-test", tls: null, sasl: null, requestTimeoutMs: REQUEST_TIMEOUT_MS };
}

/** Tries again until it is so; an event of the cluster that no call waits for. */
async function until<Value>(
  what: string,
  ask: () => Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const value = await ask().catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
    });
    if (value !== undefined && holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("a cluster of one node", () => {
  let servers: KafkaServers;
  let cluster: KafkaCluster;
  beforeAll(async () => {
    servers = await startKafka();
  }, STARTED_WITHIN_MS);
  afterAll(() => servers?.close());
  beforeEach(async () => {
    cluster = await KafkaCluster.open(optionsOf(servers));
  });
  afterEach(() => cluster.close());

  test("opens although the first address is dead, and knows coordinators", async () => {
    expect(cluster.nodeIds).toEqual([1]);
    await expect(cluster.coordinatorOf("some-group")).resolves.toBe(1);
  });

  test("a topic that is not there is unknown, not made", async () => {
    const unknown = { code: "TOPIC_UNKNOWN", retryable: false };
    await expect(cluster.partitionCount("absent")).rejects.toMatchObject(unknown);
    await expect(cluster.leaderOf("absent", 0)).rejects.toMatchObject(unknown);
    await expect(cluster.partitionCount("absent")).rejects.toMatchObject(unknown);
  });

  test("a partition behind the last is unknown", async () => {
    await createTopics(cluster, [{ topic: "narrow", partitions: 2, replicationFactor: 1, configs: {} }]);
    await expect(cluster.partitionCount("narrow")).resolves.toBe(2);
    expect(await cluster.leaderOf("narrow", 1)).toBe(1);
    await expect(cluster.leaderOf("narrow", 2)).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
  });

  test("a node that hangs: the request ends in time and the next takes another connection", async () => {
    await cluster.send(1, metadataRequest([]));
    await servers.nodes[0]!.pause();
    const hung = cluster.send(1, { ...metadataRequest([]), timeoutMs: 500 });
    const beside = cluster.send(1, { ...metadataRequest([]), timeoutMs: 5_000 });
    await expect(hung).rejects.toMatchObject({ name: "KafkaWireError", kind: "timeout" });
    await expect(beside).rejects.toMatchObject({ name: "KafkaWireError", kind: "closed" });
    await servers.nodes[0]!.resume();
    await expect(cluster.send(1, metadataRequest([]))).resolves.toMatchObject({ controllerId: 1 });
  });

  test("a node that is killed: requests on their way end at once, and after its start all goes on", async () => {
    await cluster.send(1, metadataRequest([]));
    await servers.nodes[0]!.pause();
    const onTheirWay = Array.from({ length: 20 }, () =>
      cluster.send(1, { ...metadataRequest([]), timeoutMs: 30_000 }),
    );
    const outcomes = Promise.allSettled(onTheirWay);
    await servers.nodes[0]!.kill();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "closed" } });
    }
    const refused = cluster.send(1, metadataRequest([]));
    await expect(refused).rejects.toMatchObject({ kind: "unreachable", retryable: true });
    const away = { code: "UNREACHABLE", retryable: true };
    await expect(cluster.refresh(["narrow"])).rejects.toMatchObject(away);
    await expect(KafkaCluster.open(optionsOf(servers))).rejects.toMatchObject(away);
    await servers.nodes[0]!.start();
    await until(
      "the node answers",
      () => cluster.send(1, metadataRequest([])),
      ({ brokers }) => brokers.length === 1,
    );
    await expect(cluster.coordinatorOf("some-group")).resolves.toBe(1);
  }, 60_000);

  test("after close nothing is sent, and what waited is rejected", async () => {
    const waiting = cluster.send(1, findCoordinatorRequest("some-group"));
    await cluster.close();
    await expect(waiting).rejects.toMatchObject({ retryable: true });
    await expect(cluster.send(1, metadataRequest([]))).rejects.toMatchObject({ code: "CLOSED" });
    await expect(cluster.partitionCount("narrow")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(cluster.coordinatorOf("some-group")).rejects.toMatchObject({ code: "CLOSED" });
    await cluster.close();
  });
});

describe("a cluster of three nodes", () => {
  let servers: KafkaServers;
  let cluster: KafkaCluster;
  beforeAll(async () => {
    servers = await startKafka({ nodes: 3 });
    cluster = await KafkaCluster.open(optionsOf(servers));
    await createTopics(cluster, [
      { topic: "spread", partitions: 6, replicationFactor: 3, configs: { "min.insync.replicas": "2" } },
    ]);
  }, 2 * STARTED_WITHIN_MS);
  afterAll(async () => {
    await cluster?.close();
    await servers?.close();
  });

  test("partitions are led by all three", async () => {
    const leaders = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((partition) => cluster.leaderOf("spread", partition)),
    );
    expect([...new Set(leaders)].sort()).toEqual([1, 2, 3]);
  });

  test("when a leader is killed a refresh finds the next, and the dead node is one of the cluster no more", async () => {
    const dead = await cluster.leaderOf("spread", 0);
    await servers.nodes[dead - 1]!.kill();
    await expect(cluster.send(dead, metadataRequest([]))).rejects.toMatchObject({ retryable: true });
    const next = await until(
      "another leader",
      async () => {
        await cluster.refresh(["spread"]);
        return cluster.leaderOf("spread", 0);
      },
      (leader) => leader !== dead,
    );
    await expect(cluster.send(next, metadataRequest(["spread"]))).resolves.toBeDefined();
    await until(
      "the dead node is gone",
      async () => {
        await cluster.refresh(["spread"]);
        return cluster.nodeIds;
      },
      (ids) => !ids.includes(dead),
    );
    await expect(cluster.send(dead, metadataRequest([]))).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("is not in the cluster now"),
    });
    await servers.nodes[dead - 1]!.start();
    await until(
      "the node is back",
      async () => {
        await cluster.refresh(["spread"]);
        return cluster.send(dead, metadataRequest(["spread"]));
      },
      ({ topics }) => topics[0]!.partitions.every(({ inSyncReplicas }) => inSyncReplicas.length === 3),
    );
  }, 90_000);

  test("a coordinator that is killed is another one after a refresh", async () => {
    const dead = await cluster.coordinatorOf("moving-group");
    await servers.nodes[dead - 1]!.kill();
    await expect(cluster.coordinatorOf("moving-group")).resolves.toBe(dead);
    await until(
      "another coordinator",
      () => cluster.refreshCoordinator("moving-group"),
      (nodeId) => nodeId !== dead,
    );
  }, 60_000);
});
