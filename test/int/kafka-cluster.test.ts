import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { type KafkaServers, startKafka } from "../support/servers/kafka-server.js";

const plain = { clientId: "cluster-test", tls: null, sasl: null };

describe("a cluster of one node", () => {
  let servers: KafkaServers;
  beforeAll(async () => {
    servers = await startKafka();
  }, 60_000);
  afterAll(() => servers?.close());

  test("opens although the first addresses are dead", async () => {
    const cluster = await KafkaCluster.open({ ...plain, brokers: ["127.0.0.1:1", servers.bootstrap] });
    expect(cluster.nodeIds).toEqual([1]);
    await expect(cluster.coordinatorOf("some-group")).resolves.toBe(1);
    await expect(cluster.partitionCount("absent")).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    await cluster.close();
  });
});
