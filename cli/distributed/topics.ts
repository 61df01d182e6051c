/** The topics of a distributed Kadun as they have to be (docs/design.md section 4). */

import type { SettingRule, WantedTopic } from "../../platform/event-log/kafka/wanted-topic.js";
import { Topic } from "../../schemas/topics.js";
import { RAW_TOPICS } from "../../services/ingest/raw-topics.js";

export interface TopicPlan {
  /** Of the journal and of the decisions: fixed for as long as the journal lives. */
  readonly partitions: number;
  readonly replicationFactor: number;
}

export const PARTITIONS_DEFAULT = 24;
const ANSWERS_PARTITIONS = 12;
const RAW_PARTITIONS = 12;
const HOUR_MS = 3_600_000;
/** Whoever has a week's outage of Kadun has other sources again. */
const RAW_RETENTION_MS = 7 * 24 * HOUR_MS;
/** Nobody waits for an answer for an hour. */
const ANSWERS_RETENTION_MS = HOUR_MS;
/** A record of the limit, its key, its headers and the batch around it. */
const MESSAGE_BYTES_MIN = 1_048_588;
const FOR_EVER = "-1";

export function topicsOf({ partitions, replicationFactor }: TopicPlan): WantedTopic[] {
  const wanted = (
    name: string,
    count: number,
    retentionMs: string,
    partitionsRule: SettingRule = "exactly",
  ): WantedTopic => ({
    topic: name,
    partitions: count,
    partitionsRule,
    replicationFactor,
    configs: {
      "message.timestamp.type": "LogAppendTime",
      "cleanup.policy": "delete",
      "retention.ms": retentionMs,
      "retention.bytes": FOR_EVER,
      "max.message.bytes": String(MESSAGE_BYTES_MIN),
      "min.insync.replicas": String(replicationFactor >= 3 ? 2 : 1),
      "unclean.leader.election.enable": "false",
    },
  });
  return [
    wanted(Topic.JOURNAL, partitions, FOR_EVER),
    wanted(Topic.DECISIONS, partitions, FOR_EVER),
    wanted(Topic.DEAD_LETTERS, 1, FOR_EVER),
    wanted(Topic.DAY_PROOFS, partitions, FOR_EVER),
    wanted(Topic.ANSWERS, ANSWERS_PARTITIONS, String(ANSWERS_RETENTION_MS), "at-least"),
    ...RAW_TOPICS.map(({ topic }) => wanted(topic, RAW_PARTITIONS, String(RAW_RETENTION_MS), "at-least")),
  ];
}
