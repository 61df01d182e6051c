import { beforeAll, describe, expect, test } from "@jest/globals";
import { crc32c } from "../../../../platform/checksum/crc32c.js";
import { EventLogError, type LogEntry } from "../../../../platform/event-log/event-log.js";
import * as layout from "../../../../platform/event-log/kafka/batch-layout.js";
import {
  COMPRESSION_IDS,
  type Compression,
  loadCompression,
} from "../../../../platform/event-log/kafka/compression.js";
import {
  decodeRecordBatch,
  type RecordBatch,
} from "../../../../platform/event-log/kafka/decode-record-batch.js";
import { encodeRecordBatch } from "../../../../platform/event-log/kafka/encode-record-batch.js";
import { writeInt64 } from "../../../../platform/event-log/kafka/int64.js";
import { PackedEntries } from "../../../../platform/event-log/packed-entries.js";
import { contentOf, numberedEntries, numberedEntry } from "../../../contract/numbered-entry.js";
import fc from "../../../support/properties.js";

const COMPRESSIONS = Object.keys(COMPRESSION_IDS) as Compression[];
const PLACE = { topic: "kadun.journal", partition: 3, fromOffset: 0 };
const TIMESTAMP_MS = Date.UTC(2026, 10, 26);

beforeAll(async () => {
  for (const compression of COMPRESSIONS) await loadCompression(compression);
});

function encoded(records: readonly LogEntry[], compression: Compression = "none"): Buffer {
  return encodeRecordBatch({
    entries: new PackedEntries().refill(records),
    producerId: 2 ** 40 + 5,
    producerEpoch: 7,
    firstSequence: 11,
    compression,
    timestampMs: TIMESTAMP_MS,
  });
}

/** As a broker changes it before it keeps it. */
function stored(
  batch: Buffer,
  { baseOffset = 0, attributes = 0, maxTimestampMs = TIMESTAMP_MS } = {},
): Buffer {
  writeInt64(batch, baseOffset, 0);
  batch.writeInt16BE(batch.readInt16BE(layout.ATTRIBUTES_AT) | attributes, layout.ATTRIBUTES_AT);
  writeInt64(batch, maxTimestampMs, layout.MAX_TIMESTAMP_AT);
  batch.writeUInt32BE(crc32c(batch, layout.ATTRIBUTES_AT), layout.CRC_AT);
  return batch;
}

function decoded(bytes: Buffer, fromOffset = 0, at = 0): RecordBatch {
  const batch = decodeRecordBatch(bytes, at, { ...PLACE, fromOffset });
  if (batch === null) throw new Error("no whole batch");
  return batch;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const anyEntry: fc.Arbitrary<LogEntry> = fc.record({
  key: fc.string({ unit: "grapheme", maxLength: 80 }),
  value: bytes(300),
  header: bytes(256),
});

describe.each(COMPRESSIONS)("with compression %s", (compression) => {
  test("whatever is encoded is decoded again, with offsets from the batch's first", () => {
    const property = fc.property(
      fc.array(anyEntry, { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 0, max: 2 ** 52 }),
      (entries, baseOffset) => {
        const { records, lastOffset, nextAt } = decoded(
          stored(encoded(entries, compression), { baseOffset }),
        );
        expect(records.map(contentOf)).toEqual(entries.map(contentOf));
        expect(records.map(({ offset }) => offset)).toEqual(entries.map((_, index) => baseOffset + index));
        expect(lastOffset).toBe(baseOffset + entries.length - 1);
        expect(nextAt).toBe(encoded(entries, compression).length);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test("each flipped bit is noticed, but for the first offset (the reader compares) and the leader's epoch (nobody reads)", () => {
    const batch = stored(encoded(numberedEntries(0, 3, 20), compression), { baseOffset: 1 });
    const isCovered = (byte: number) =>
      byte >= layout.LENGTH_AT && (byte < layout.LEADER_EPOCH_AT || byte >= layout.MAGIC_AT);
    const unnoticed: number[] = [];
    for (let bit = 0; bit < batch.length * 8; bit++) {
      const damaged = Buffer.from(batch);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      if (isCovered(bit >> 3) && !isNoticed(damaged)) unnoticed.push(bit);
    }
    expect(unnoticed).toEqual([]);
  });
});

/** Refused as CORRUPT, or seen as no whole batch (which is refused where it is the first of an answer). */
function isNoticed(bytes: Buffer): boolean {
  try {
    return decodeRecordBatch(bytes, 0, PLACE) === null;
  } catch (error) {
    return error instanceof EventLogError && error.code === "CORRUPT";
  }
}

test("the message of damage names topic, partition, offset and the next step", () => {
  const batch = stored(encoded(numberedEntries(0, 3)), { baseOffset: 812 });
  batch[200]! ^= 4;
  expect(() => decoded(batch, 813)).toThrow(
    /^kadun\.journal\/3, batch at offset 812 \(asked for 813\): CRC32C [0-9a-f]+, expected [0-9a-f]+; compare with another replica/,
  );
});

test("records before the offset asked for are left out", () => {
  const batch = stored(encoded(numberedEntries(0, 9)), { baseOffset: 100 });
  expect(decoded(batch, 106).records.map(({ offset }) => offset)).toEqual([106, 107, 108]);
});

test("the broker's time is that of all records of its batch; a producer's time is each record's own", () => {
  const logAppendTime = { attributes: layout.IS_LOG_APPEND_TIME, maxTimestampMs: TIMESTAMP_MS + 90 };
  const times = (batch: Buffer) => new Set(decoded(batch).records.map(({ appendedAtMs }) => appendedAtMs));
  expect(times(stored(encoded(numberedEntries(0, 4)), logAppendTime))).toEqual(new Set([TIMESTAMP_MS + 90]));
  expect(times(stored(encoded(numberedEntries(0, 4))))).toEqual(new Set([TIMESTAMP_MS]));
});

test("a control batch has no records, but its offsets are passed over", () => {
  const marker = stored(encoded([numberedEntry(0)]), { baseOffset: 8, attributes: layout.IS_CONTROL });
  expect(decoded(marker)).toMatchObject({ records: [], lastOffset: 8, nextAt: marker.length });
});

test("a batch that compaction left empty still moves on", () => {
  const batch = stored(encoded([numberedEntry(0)]).subarray(0, layout.RECORDS_AT));
  batch.writeInt32BE(batch.length - layout.LENGTH_COUNTS_FROM, layout.LENGTH_AT);
  batch.writeInt32BE(0, layout.COUNT_AT);
  batch.writeInt32BE(41, layout.LAST_OFFSET_DELTA_AT);
  expect(decoded(stored(batch, { baseOffset: 100 }))).toMatchObject({ records: [], lastOffset: 141 });
});

test("batches follow one another; one that is cut off at the end is left", () => {
  const first = stored(encoded(numberedEntries(0, 2)));
  const second = stored(encoded(numberedEntries(2, 2)), { baseOffset: 2 });
  const answer = Buffer.concat([first, second]);
  const { nextAt } = decoded(answer);
  expect(decoded(answer, 0, nextAt).records.map(({ offset }) => offset)).toEqual([2, 3]);
  for (let end = first.length; end < answer.length; end++)
    expect(decodeRecordBatch(answer.subarray(0, end), nextAt, PLACE)).toBeNull();
});

test("a batch of the format before 0.11 is refused by name", () => {
  const old = stored(encoded([numberedEntry(0)]));
  old.writeInt8(1, layout.MAGIC_AT);
  expect(() => decoded(old)).toThrow(/format 1, expected 2/);
});

test("lengths that do not fit in a batch whose checksum is right are refused, never read beyond", () => {
  const property = fc.property(
    fc.integer({ min: layout.COUNT_AT, max: layout.RECORDS_AT + 120 }),
    fc.integer({ min: 0, max: 255 }),
    (at, byte) => {
      const batch = encoded(numberedEntries(0, 2, 40));
      batch[Math.min(at, batch.length - 1)] = byte;
      stored(batch);
      try {
        for (const { value } of decoded(batch).records)
          expect(value.length).toBeLessThanOrEqual(batch.length);
      } catch (error) {
        expect(error).toMatchObject({ code: "CORRUPT", retryable: false });
      }
    },
  );
  fc.assert(property, { numRuns: 3000 });
});

test("entries may change once a batch is encoded", () => {
  const entry = numberedEntry(1);
  const expected = contentOf(entry);
  const batch = stored(encoded([entry]));
  entry.value.fill(0);
  entry.header.fill(0);
  expect(decoded(batch).records.map(contentOf)).toEqual([expected]);
});
