/** Bounds and last record of a partition. */

import type { LoggedRecord, TopicBounds } from "../event-log.js";
import { type AskedCluster, askLeader } from "./ask-leader.js";
import { type FetchedPartition, fetchRequest } from "./fetch-request.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { listOffsetsRequest } from "./list-offsets.js";
import { RecordQueue } from "./record-queue.js";

/** A first batch comes whole whatever the limit: the last one alone. */
const ONE_BATCH_BYTES = 1;
const EVERYTHING = { recordsMax: Number.POSITIVE_INFINITY, bytesMax: Number.POSITIVE_INFINITY, waitMs: 0 };

export async function boundsOf(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
): Promise<TopicBounds> {
  const [start, end] = await Promise.all([
    offsetOf(cluster, topic, partition, "start"),
    offsetOf(cluster, topic, partition, "end"),
  ]);
  return { start, end };
}

export async function offsetOf(
  cluster: AskedCluster,
  topic: string,
  partition: number,
  position: "start" | "end",
): Promise<number> {
  const { offset } = await askLeader(cluster, {
    topic,
    partition,
    doing: `find the ${position} of`,
    request: listOffsetsRequest(topic, partition, position),
    errorCodeOf: ({ errorCode }) => errorCode,
  });
  return offset;
}

/**
 * The last record; null where there is none. Offsets at the end may hold none (markers of transactions, compaction):
 * then it is looked for in steps that double.
 */
export async function tailOf(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
): Promise<LoggedRecord | null> {
  const { start, end } = await boundsOf(cluster, topic, partition);
  for (let step = 1; start < end; step *= 2) {
    const from = Math.max(start, end - step);
    const last = await lastOf(cluster, topic, partition, { from, end });
    if (last !== null || from === start) return last;
  }
  return null;
}

async function lastOf(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  range: { readonly from: number; readonly end: number },
): Promise<LoggedRecord | null> {
  const queue = new RecordQueue(topic, partition, range.from);
  let last: LoggedRecord | null = null;
  while (queue.fetchOffset < range.end) {
    const { records } = await fetchOnce(cluster, topic, partition, queue.fetchOffset);
    if (!queue.add(records)) return last;
    for (;;) {
      const taken = await queue.takeLoading(EVERYTHING);
      if (taken.length === 0) break;
      last = taken.at(-1)!;
    }
  }
  return last;
}

async function fetchOnce(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  offset: number,
): Promise<FetchedPartition> {
  const request = fetchRequest({
    lane: "main",
    waitMs: 0,
    spots: [{ topic, partition, offset }],
    partitionBytesMax: ONE_BATCH_BYTES,
    bytesMax: ONE_BATCH_BYTES,
  });
  const { partitions } = await askLeader(cluster, {
    topic,
    partition,
    doing: `read offset ${offset} of`,
    request,
    errorCodeOf: (answer) => answer.errorCode || (answer.partitions[0]?.errorCode ?? -1),
  });
  return partitions[0]!;
}
