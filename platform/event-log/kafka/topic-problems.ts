/** Compares a topic as it is with the topic as it has to be. */
import type { PartitionPlace } from "./metadata-request.js";
import { createCommand, growCommand, reassignCommand, setConfigCommand } from "./topic-commands.js";
import { DEFAULT_RULES, type SettingRule, type TopicProblem, type WantedTopic } from "./wanted-topic.js";

export interface FoundTopic {
  readonly partitions: readonly PartitionPlace[];
  readonly configs: ReadonlyMap<string, string | null>;
}

/** `found` is null where there is no such topic; `bootstrap` is for the commands. */
export function topicProblems(
  wanted: WantedTopic,
  found: FoundTopic | null,
  bootstrap: string,
): TopicProblem[] {
  if (found === null) return [missing(wanted, bootstrap)];
  return [
    ...partitionProblems(wanted, found.partitions.length, bootstrap),
    ...replicaProblems(wanted, found.partitions, bootstrap),
    ...configProblems(wanted, found, bootstrap),
  ];
}

function missing(wanted: WantedTopic, bootstrap: string): TopicProblem {
  return {
    topic: wanted.topic,
    setting: "topic",
    found: "missing",
    expected: `one of ${wanted.partitions} partitions`,
    fix: `create it: ${createCommand(bootstrap, wanted)}`,
  };
}

function partitionProblems(wanted: WantedTopic, found: number, bootstrap: string): TopicProblem[] {
  const rule = wanted.partitionsRule ?? "exactly";
  if (holds(String(found), String(wanted.partitions), rule)) return [];
  const grow = growCommand(bootstrap, wanted.topic, wanted.partitions);
  return [
    {
      topic: wanted.topic,
      setting: "partitions",
      found: String(found),
      expected: expectation(String(wanted.partitions), rule),
      fix: rule === "at-least" ? `grow it: ${grow}` : keyedFix(found, wanted.partitions, grow),
    },
  ];
}

/** With another number of partitions a key's later records would lie in another partition than its earlier ones. */
function keyedFix(found: number, wanted: number, grow: string): string {
  const useIt = `keep the topic and set the number of partitions to ${found}`;
  if (found > wanted) return `${useIt}; partitions cannot be taken away`;
  return `${useIt}, or, only while it has never held a record: ${grow}`;
}

function replicaProblems(
  wanted: WantedTopic,
  partitions: readonly PartitionPlace[],
  bootstrap: string,
): TopicProblem[] {
  const short = partitions.filter(({ replicas }) => replicas.length < wanted.replicationFactor);
  if (short.length === 0) return [];
  const fewest = Math.min(...short.map(({ replicas }) => replicas.length));
  return [
    {
      topic: wanted.topic,
      setting: "replication factor",
      found: `${fewest} (partitions ${short.map(({ partition }) => partition).join(", ")})`,
      expected: expectation(String(wanted.replicationFactor), "at-least"),
      fix: reassignCommand(bootstrap, wanted.topic, wanted.replicationFactor),
    },
  ];
}

function configProblems(wanted: WantedTopic, found: FoundTopic, bootstrap: string): TopicProblem[] {
  const replicas = Math.min(...found.partitions.map((place) => place.replicas.length));
  return Object.entries(wanted.configs).flatMap(([name, value]) => {
    const rule = wanted.rules?.[name] ?? DEFAULT_RULES[name] ?? "exactly";
    const is = found.configs.get(name) ?? null;
    const expected = configExpectation(name, value, rule, is, replicas);
    if (expected === null) return [];
    const fix = `set it: ${setConfigCommand(bootstrap, wanted.topic, name, value)}`;
    return [{ topic: wanted.topic, setting: name, found: is ?? "not known to the server", expected, fix }];
  });
}

/** What is expected where it does not hold, null where it does. */
function configExpectation(
  name: string,
  value: string,
  rule: SettingRule,
  is: string | null,
  replicas: number,
): string | null {
  if (is === null || !holds(is, value, rule)) return expectation(value, rule);
  // More replicas in sync than there are would refuse every append.
  const writable = name !== "min.insync.replicas" || Number(is) <= Math.max(replicas, Number(value));
  return writable ? null : `${value} to ${replicas}, the number of replicas`;
}

function holds(found: string, wanted: string, rule: SettingRule): boolean {
  if (found === wanted) return true;
  if (rule === "exactly") return false;
  return amount(found) >= amount(wanted);
}

/** Kafka's settings of time and size say "without limit" with -1. */
function amount(value: string): number {
  return value === "-1" ? Number.POSITIVE_INFINITY : Number(value);
}

function expectation(value: string, rule: SettingRule): string {
  if (rule === "exactly") return value;
  return value === "-1" ? "-1 (without limit)" : `at least ${value}`;
}
