import { describe, expect, test } from "@jest/globals";
import { type FoundTopic, topicProblems } from "../../../../platform/event-log/kafka/topic-problems.js";
import { describeTopicProblem, type WantedTopic } from "../../../../platform/event-log/kafka/wanted-topic.js";

const WANTED: WantedTopic = {
  topic: "orders",
  partitions: 2,
  replicationFactor: 3,
  configs: {
    "message.timestamp.type": "LogAppendTime",
    "retention.ms": "-1",
    "max.message.bytes": "1048588",
    "min.insync.replicas": "2",
    "cleanup.policy": "delete",
  },
};

function found(configs: Record<string, string> = {}, replicas = [3, 3]): FoundTopic {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return {
    partitions: replicas.map((count, partition) => ({
      partition,
      errorCode: 0,
      leader: 1,
      replicas: ids(count),
      inSyncReplicas: ids(count),
    })),
    configs: new Map(Object.entries({ ...WANTED.configs, ...configs })),
  };
}

function lines(wanted: WantedTopic, is: FoundTopic | null): string[] {
  return topicProblems(wanted, is, "kafka:9092").map(describeTopicProblem);
}

describe("topic problems", () => {
  test("a topic that is as wanted, or better, has none", () => {
    expect(lines(WANTED, found())).toEqual([]);
    expect(lines(WANTED, found({ "max.message.bytes": "2000000", "min.insync.replicas": "3" }))).toEqual([]);
    expect(lines({ ...WANTED, replicationFactor: 2 }, found())).toEqual([]);
    expect(
      lines({ ...WANTED, configs: { "retention.ms": "1000" } }, found({ "retention.ms": "-1" })),
    ).toEqual([]);
  });

  test("a missing topic is told with the line that creates it", () => {
    expect(lines({ ...WANTED, configs: { "cleanup.policy": "delete" } }, null)).toEqual([
      "topic orders: topic is missing, expected one of 2 partitions; create it: kafka-topics.sh " +
        "--bootstrap-server kafka:9092 --create --topic orders --partitions 2 --replication-factor 3 " +
        "--config cleanup.policy=delete",
    ]);
  });

  test.each([
    ["message.timestamp.type", "CreateTime", "LogAppendTime"],
    ["retention.ms", "604800000", "-1 (without limit)"],
    ["max.message.bytes", "1000", "at least 1048588"],
    ["min.insync.replicas", "1", "at least 2"],
    ["cleanup.policy", "compact", "delete"],
  ])("%s of %s is told with the line that sets it", (name, value, expected) => {
    expect(lines(WANTED, found({ [name]: value }))).toEqual([
      `topic orders: ${name} is ${value}, expected ${expected}; set it: kafka-configs.sh ` +
        "--bootstrap-server kafka:9092 --alter --entity-type topics --entity-name orders " +
        `--add-config ${name}=${WANTED.configs[name]}`,
    ]);
  });

  test("more replicas in sync than there are replicas would refuse every append", () => {
    const wanted = { ...WANTED, replicationFactor: 1, configs: { "min.insync.replicas": "1" } };
    expect(lines(wanted, found({ "min.insync.replicas": "2" }, [1, 1]))[0]).toContain("expected 1 to 1");
  });

  test("another number of partitions is not mended by growing a topic with records", () => {
    const [fewer] = lines(WANTED, found({}, [3]));
    expect(fewer).toContain(
      "partitions is 1, expected 2; keep the topic and set the number of partitions to 1",
    );
    expect(fewer).toContain("--alter --topic orders --partitions 2");
    expect(lines(WANTED, found({}, [3, 3, 3]))[0]).toContain("partitions cannot be taken away");
    expect(lines({ ...WANTED, partitionsRule: "at-least" }, found({}, [3, 3, 3]))).toEqual([]);
  });

  test("partitions with fewer replicas are named", () => {
    const [line] = lines({ ...WANTED, configs: {} }, found({}, [3, 1]));
    expect(line).toContain("replication factor is 1 (partitions 1), expected at least 3");
    expect(line).toContain("kafka-reassign-partitions.sh --bootstrap-server kafka:9092");
  });

  test("a setting that the server does not know is told", () => {
    const is = { ...found(), configs: new Map<string, string>() };
    const wanted = { ...WANTED, configs: { "retention.ms": "-1" } };
    expect(lines(wanted, is)[0]).toContain("retention.ms is not known to the server");
  });
});
