import { expect, test } from "@jest/globals";
import { topicsOf } from "../../../cli/distributed/topics.js";
import { Topic } from "../../../schemas/topics.js";
import { RAW_TOPICS } from "../../../services/ingest/raw-topics.js";

const WEEK_MS = 604_800_000;
const PLAN = { partitions: 24, replicationFactor: 3 };
const byName = (plan = PLAN) => new Map(topicsOf(plan).map((topic) => [topic.topic, topic]));

test("there is a topic for every name that the services use, once", () => {
  const names = topicsOf(PLAN).map(({ topic }) => topic);
  const used = [...Object.values(Topic), ...RAW_TOPICS.map(({ topic }) => topic)];
  expect(names.toSorted()).toEqual([...new Set(used)].toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test("journal, decisions and day proofs have the same number of partitions, exactly: a person's place depends on it", () => {
  for (const name of [Topic.JOURNAL, Topic.DECISIONS, Topic.DAY_PROOFS])
    expect(byName().get(name)).toMatchObject({ partitions: 24, partitionsRule: "exactly" });
});

test("dead letters lie in one partition; answers and raw topics may have more partitions than planned", () => {
  expect(byName().get(Topic.DEAD_LETTERS)).toMatchObject({ partitions: 1, partitionsRule: "exactly" });
  for (const name of [Topic.ANSWERS, ...RAW_TOPICS.map(({ topic }) => topic)])
    expect(byName().get(name)).toMatchObject({ partitionsRule: "at-least" });
});

test("nothing that state is rebuilt from is ever deleted or compacted", () => {
  for (const name of [Topic.JOURNAL, Topic.DECISIONS, Topic.DEAD_LETTERS, Topic.DAY_PROOFS])
    expect(byName().get(name)!.configs).toMatchObject({
      "retention.ms": "-1",
      "retention.bytes": "-1",
      "cleanup.policy": "delete",
    });
});

test("raw records are kept for a week, answers for an hour", () => {
  for (const { topic } of RAW_TOPICS)
    expect(byName().get(topic)!.configs["retention.ms"]).toBe(String(WEEK_MS));
  expect(byName().get(Topic.ANSWERS)!.configs["retention.ms"]).toBe("3600000");
});

test("every topic has the broker's times and no leader that lost records", () => {
  for (const { configs } of topicsOf(PLAN))
    expect(configs).toMatchObject({
      "message.timestamp.type": "LogAppendTime",
      "unclean.leader.election.enable": "false",
    });
});

test.each([
  [1, "1"],
  [2, "1"],
  [3, "2"],
  [5, "2"],
])("with %i copies an append waits for %s", (replicationFactor, expected) => {
  for (const topic of topicsOf({ partitions: 1, replicationFactor })) {
    expect(topic.replicationFactor).toBe(replicationFactor);
    expect(topic.configs["min.insync.replicas"]).toBe(expected);
  }
});
