/** A topic as whoever uses it needs it to be, and what is found to be otherwise. */

export interface WantedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** "exactly" where keys have their places by the number (the default). */
  readonly partitionsRule?: SettingRule;
  /** More replicas are as good. */
  readonly replicationFactor: number;
  /** Kafka's names and values of a topic's settings. */
  readonly configs: Readonly<Record<string, string>>;
  /** Of settings that are otherwise than `DEFAULT_RULES`. */
  readonly rules?: Readonly<Record<string, SettingRule>>;
}

export type SettingRule = "exactly" | "at-least";

/** More of these harms nobody; -1 means without limit. All others hold exactly. */
export const DEFAULT_RULES: Readonly<Record<string, SettingRule>> = {
  "retention.ms": "at-least",
  "retention.bytes": "at-least",
  "max.message.bytes": "at-least",
  "min.insync.replicas": "at-least",
};

export interface TopicProblem {
  readonly topic: string;
  /** Kafka's name of the setting, or "topic", "partitions", "replication factor". */
  readonly setting: string;
  readonly found: string;
  readonly expected: string;
  /** The command that mends it, or what to do where none does. */
  readonly fix: string;
}

/** One line for an operator. */
export function describeTopicProblem(problem: TopicProblem): string {
  const { topic, setting, found, expected, fix } = problem;
  return `topic ${topic}: ${setting} is ${found}, expected ${expected}; ${fix}`;
}
