import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { checkTopics } from "../../platform/event-log/kafka/check-topics.js";
import { createTopics, deleteTopics } from "../../platform/event-log/kafka/create-topics.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { deleteTopicsRequest } from "../../platform/event-log/kafka/topic-requests.js";
import type { WantedTopic } from "../../platform/event-log/kafka/wanted-topic.js";
import { addresses } from "../support/servers/addresses.js";

function wanted(more: Partial<WantedTopic> = {}): WantedTopic {
  return {
    topic: `topics-${randomBytes(6).toString("hex")}`,
    partitions: 4,
    replicationFactor: 1,
    configs: {
      "message.timestamp.type": "LogAppendTime",
      "retention.ms": "-1",
      "retention.bytes": "-1",
      "min.insync.replicas": "1",
      "cleanup.policy": "delete",
      "max.message.bytes": "1048588",
    },
    ...more,
  };
}

describe("topics", () => {
  let cluster: KafkaCluster;
  const made: string[] = [];
  beforeAll(async () => {
    cluster = await KafkaCluster.open({
      brokers: [addresses().kafka],
      clientId: "topics-test",
      tls: null,
      sasl: null,
    });
  });
  afterEach(() => deleteTopics(cluster, made.splice(0)));
  afterAll(() => cluster?.close());

  function oneOf(more: Partial<WantedTopic> = {}): WantedTopic {
    const topic = wanted(more);
    made.push(topic.topic);
    return topic;
  }

  test("are made as wanted, once, and are then found to be right", async () => {
    const topics = [oneOf(), oneOf({ partitions: 1, configs: { "cleanup.policy": "compact" } })];
    const names = topics.map(({ topic }) => topic);
    await expect(createTopics(cluster, topics)).resolves.toEqual({
      created: names,
      existing: [],
      problems: [],
    });
    await expect(createTopics(cluster, topics)).resolves.toEqual({
      created: [],
      existing: names,
      problems: [],
    });
    await expect(checkTopics(cluster, topics)).resolves.toEqual([]);
    for (const partition of [0, 1, 2, 3]) expect(await cluster.leaderOf(names[0]!, partition)).toBe(1);
  });

  test("made by two at once are made by one of them", async () => {
    const topics = [oneOf(), oneOf(), oneOf()];
    const [one, other] = await Promise.all([createTopics(cluster, topics), createTopics(cluster, topics)]);
    expect([...one!.created, ...other!.created].sort()).toEqual(topics.map(({ topic }) => topic).sort());
    expect([...one!.problems, ...other!.problems]).toEqual([]);
  });

  test("that differ are told setting by setting and left as they are", async () => {
    const topic = oneOf({ partitions: 3, configs: { "retention.ms": "1000", "cleanup.policy": "compact" } });
    await createTopics(cluster, [topic]);
    const better = wanted({ topic: topic.topic });
    const { created, existing, problems } = await createTopics(cluster, [better]);
    expect({ created, existing }).toEqual({ created: [], existing: [topic.topic] });
    expect(problems.map(({ setting, found, expected }) => [setting, found, expected])).toEqual([
      ["partitions", "3", "4"],
      ["message.timestamp.type", "CreateTime", "LogAppendTime"],
      ["retention.ms", "1000", "-1 (without limit)"],
      ["cleanup.policy", "compact", "delete"],
    ]);
    await expect(checkTopics(cluster, [topic])).resolves.toEqual([]);
  });

  test("that were deleted a moment ago are made anew at once", async () => {
    const topics = [oneOf({ partitions: 12 }), oneOf({ partitions: 12 })];
    const names = topics.map(({ topic }) => topic);
    await createTopics(cluster, topics);
    for (let round = 0; round < 10; round += 1) {
      // As another program deletes them: nobody waits until every node has heard of it.
      await cluster.sendToController(deleteTopicsRequest(names, 10_000), "delete topics");
      const startedMs = performance.now();
      await expect(createTopics(cluster, topics)).resolves.toMatchObject({ created: names, problems: [] });
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    }
  }, 60_000);

  test("that are missing are told", async () => {
    const [problem] = await checkTopics(cluster, [wanted()]);
    expect(problem).toMatchObject({ setting: "topic", found: "missing" });
  });

  test("the server refuses are named with its reason", async () => {
    const impossible = wanted({ replicationFactor: 7 });
    const strange = wanted({ configs: { "cleanup.policy": "sometimes" } });
    const refusal = createTopics(cluster, [impossible, strange]);
    await expect(refusal).rejects.toMatchObject({ code: "TOPIC_SETTINGS", retryable: false });
    await expect(refusal).rejects.toThrow(`${impossible.topic}: INVALID_REPLICATION_FACTOR`);
    await expect(refusal).rejects.toThrow(`${strange.topic}: INVALID_CONFIG`);
  });
});
