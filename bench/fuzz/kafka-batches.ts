/**
 * Differential fuzz of the record batches: the encoder against kafkajs' byte for byte, the decoder against kafkajs' field by
 * field, and against damage, which has to be noticed. Seeded: the same seed finds the same again.
 */

import { EventLogError, type LogEntry, type LoggedRecord } from "../../platform/event-log/event-log.js";
import * as layout from "../../platform/event-log/kafka/batch-layout.js";
import { decodeRecordBatch } from "../../platform/event-log/kafka/decode-record-batch.js";
import { encodeRecordBatch } from "../../platform/event-log/kafka/encode-record-batch.js";
import { writeInt64 } from "../../platform/event-log/kafka/int64.js";
import { PackedEntries } from "../../platform/event-log/packed-entries.js";
import { Random } from "../city/random.js";
import {
  type BatchFields,
  decodedByKafkajs,
  encodedByKafkajs,
  type KafkajsBatch,
} from "./kafkajs-batches.js";

const PLACE = { topic: "t", partition: 0, fromOffset: 0 };
const STREAM = 31;
const RECORDS_MAX = 4;
/** Where a length takes a byte more as a varint, and around the largest run that is copied by hand. */
const EDGES = [0, 1, 3, 4, 5, 62, 63, 64, 65, 255, 256, 257] as const;
const EDGE_SHARE = 0.15;
const LONG_EDGES = [8_191, 8_192] as const;
/** They take kafkajs as long as fifty others. */
const LONG_SHARE = 0.001;
const KEYS = ["", "a", "0123456789abcdef0123456789abcdef", "卡盾", "🙂", "\u0000\u007f\u0080", "é"] as const;
const USUAL_BYTES_MAX = 48;
const HEADER_BYTES_MAX = 40;

/** @returns what differs, with the case's number; null where nothing does. */
export async function fuzzKafkaBatches(
  cases: number,
  seed: number,
  onCase: (done: number) => void = () => {},
): Promise<string | null> {
  const packed = new PackedEntries();
  for (let number = 0; number < cases; number++) {
    const difference = await oneCase(Random.derived(seed, STREAM, number), packed);
    if (difference !== null) return `case ${number} of seed ${seed}: ${difference}`;
    onCase(number + 1);
  }
  return null;
}

async function oneCase(random: Random, packed: PackedEntries): Promise<string | null> {
  const fields = drawnBatch(random);
  packed.clear();
  for (const entry of fields.entries) packed.add(entry);
  const { producerId, producerEpoch, firstSequence, timestampMs } = fields;
  const ours = encodeRecordBatch({
    entries: packed,
    producerId,
    producerEpoch,
    firstSequence,
    timestampMs,
    compression: "none",
  });
  const theirs = await encodedByKafkajs(fields);
  if (!ours.equals(theirs)) return `encoded ${ours.toString("hex")}, kafkajs ${theirs.toString("hex")}`;
  writeInt64(ours, random.whole(0, 2 ** 40), 0);
  return (await decodedDifference(ours)) ?? damageDifference(ours, random);
}

async function decodedDifference(bytes: Buffer): Promise<string | null> {
  const ours = decodeRecordBatch(bytes, 0, PLACE);
  if (ours === null) return "no whole batch is seen";
  const theirs = await decodedByKafkajs(bytes);
  const isEqual =
    ours.records.length === theirs.records.length &&
    ours.records.every((record, index) => isSame(record, theirs.records[index]!));
  return isEqual ? null : `${bytes.toString("hex")} is decoded in another way than by kafkajs`;
}

const NOTHING = Buffer.alloc(0);

function isSame(ours: LoggedRecord, theirs: KafkajsBatch["records"][number]): boolean {
  return (
    String(ours.offset) === theirs.offset &&
    ours.key === String(theirs.key ?? "") &&
    (theirs.value ?? NOTHING).equals(ours.value) &&
    (theirs.headers.h ?? NOTHING).equals(ours.header)
  );
}

/** A bit flipped or an end cut off: refused, or seen as no whole batch. First offset and leader's epoch are not covered. */
function damageDifference(bytes: Buffer, random: Random): string | null {
  const damaged = random.chance(0.2)
    ? bytes.subarray(0, random.whole(0, bytes.length - 1))
    : flipped(bytes, random);
  try {
    const batch = decodeRecordBatch(damaged, 0, PLACE);
    return batch === null ? null : `damage is not noticed: ${damaged.toString("hex")}`;
  } catch (error) {
    if (error instanceof EventLogError && error.code === "CORRUPT") return null;
    throw error;
  }
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const damaged = Buffer.from(bytes);
  const covered = damaged.length - layout.MAGIC_AT + (layout.LEADER_EPOCH_AT - layout.LENGTH_AT);
  const drawn = random.whole(0, covered - 1);
  const before = layout.LEADER_EPOCH_AT - layout.LENGTH_AT;
  const at = drawn < before ? layout.LENGTH_AT + drawn : layout.MAGIC_AT + drawn - before;
  damaged[at]! ^= 1 << random.whole(0, 7);
  return damaged;
}

function drawnBatch(random: Random): BatchFields {
  return {
    entries: Array.from({ length: random.whole(1, RECORDS_MAX) }, () => drawnEntry(random)),
    producerId: random.whole(0, 2 ** 45),
    producerEpoch: random.whole(0, 32_767),
    firstSequence: random.whole(0, 2 ** 31 - 1),
    timestampMs: random.whole(1, 2 ** 42),
  };
}

function drawnEntry(random: Random): LogEntry {
  return {
    key: random.chance(0.5) ? random.pick(KEYS) : drawnBytes(random, 32).toString("hex").slice(0, 32),
    value: drawnBytes(random, drawnLength(random)),
    header: drawnBytes(random, random.chance(0.3) ? 0 : random.whole(0, HEADER_BYTES_MAX)),
  };
}

function drawnLength(random: Random): number {
  if (random.chance(LONG_SHARE)) return random.pick(LONG_EDGES);
  return random.chance(EDGE_SHARE) ? random.pick(EDGES) : random.whole(0, USUAL_BYTES_MAX);
}

/** Runs of one drawn word: what is drawn byte by byte takes longer than all that is tested. */
function drawnBytes(random: Random, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at += 4) {
    const word = random.whole(0, 0xffff_ffff);
    for (let i = at; i < Math.min(count, at + 4); i++) bytes[i] = word >>> (8 * (i - at));
  }
  return bytes;
}
