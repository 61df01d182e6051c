/**
 * Where in the log a batch lies of which the server only says that it has it: looked for by its numbers (producer id,
 * epoch, first sequence), which no other batch of the partition has.
 *
 * 1. Only what consumers may read counts, hence what is on all replicas in sync.
 * 2. The search is bounded: from the offset that the caller knows to lie before the batch, or so many records before
 *    the end.
 */

import { type AskedCluster, askLeader } from "./ask-leader.js";
import * as layout from "./batch-layout.js";
import { decodeRecordBatch, wholeBatches } from "./decode-record-batch.js";
import { type FetchedPartition, fetchRequest } from "./fetch-request.js";
import { readInt64 } from "./int64.js";
import { offsetOf } from "./partition-tail.js";
import type { ProduceBatch } from "./produce-request.js";

/** What others append to a partition while one batch is tried: 30 s of 600 a second. */
const RECORDS_MAX = 20_000;
const FETCH_BYTES_MAX = 4 << 20;
/** A fetch that waits for nothing would hold up nobody; produce requests have a lane of their own all the same. */
const LANE = "find-batch";
const NUMBERS_END = layout.FIRST_SEQUENCE_AT + 4;

export interface FoundBatch {
  readonly baseOffset: number;
  /** -1 where the topic keeps the producer's time. */
  readonly appendedAtMs: number;
}

/**
 * @param knownOffset the batch does not lie before it.
 * @returns null where it is not there, or not yet on all replicas in sync. @throws EventLogError.
 */
export async function findBatch(
  cluster: AskedCluster,
  batch: ProduceBatch,
  knownOffset: number,
): Promise<FoundBatch | null> {
  const { topic, partition, bytes } = batch;
  const end = await offsetOf(cluster, topic, partition, "end");
  const start = await offsetOf(cluster, topic, partition, "start");
  const numbers = numbersOf(bytes, 0);
  let offset = Math.max(start, knownOffset, end - RECORDS_MAX);
  while (offset < end) {
    const { records } = await fetchAt(cluster, batch, offset);
    const whole = wholeBatches(records);
    if (whole === null) return null;
    for (let at = 0; at < whole.end; at = endOf(records, at))
      if (numbersOf(records, at).equals(numbers)) return foundAt(records, at, batch);
    offset = whole.nextOffset;
  }
  return null;
}

async function fetchAt(cluster: AskedCluster, { topic, partition }: ProduceBatch, offset: number) {
  const answer = await askLeader(cluster, {
    topic,
    partition,
    doing: "find a batch in",
    request: fetchRequest({
      lane: LANE,
      waitMs: 0,
      spots: [{ topic, partition, offset }],
      partitionBytesMax: FETCH_BYTES_MAX,
      bytesMax: FETCH_BYTES_MAX,
    }),
    errorCodeOf: ({ errorCode, partitions }) => errorCode || (partitions[0]?.errorCode ?? 0),
  });
  return answer.partitions[0] ?? NOTHING;
}

const NOTHING: Pick<FetchedPartition, "records"> = { records: Buffer.alloc(0) };

function numbersOf(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at + layout.PRODUCER_ID_AT, at + NUMBERS_END);
}

function endOf(bytes: Buffer, at: number): number {
  return at + layout.LENGTH_COUNTS_FROM + bytes.readInt32BE(at + layout.LENGTH_AT);
}

/** @throws EventLogError CORRUPT where the checksum is wrong. */
function foundAt(bytes: Buffer, at: number, { topic, partition }: ProduceBatch): FoundBatch | null {
  const found = decodeRecordBatch(bytes, at, { topic, partition, fromOffset: readInt64(bytes, at) });
  if (found === null) return null;
  const isServersTime = (bytes.readInt16BE(at + layout.ATTRIBUTES_AT) & layout.IS_LOG_APPEND_TIME) !== 0;
  return {
    baseOffset: found.baseOffset,
    appendedAtMs: isServersTime ? readInt64(bytes, at + layout.MAX_TIMESTAMP_AT) : -1,
  };
}
