/**
 * Records of the journal, read for the judge: swipes where they lie, all others, and what is unusual of swipes, as objects.
 *
 * Owns: places for the swipes of a batch, used again for the next one.
 */

import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LoggedRecord, PlacedRecord } from "../../platform/event-log/event-log.js";
import { type ByteSource, viewOf } from "../../platform/event-log/packed-entries.js";
import { WORD_COMPARED_BYTES } from "../../platform/json/word-list.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { BODY_HEAD_BYTES, decodeJournalBody, isSealedBody } from "../../schemas/log-body.js";
import { type KeyWords, keyWordsOf } from "./partition.js";
import { SwipeBytes } from "./swipe-bytes/swipe-bytes.js";

export interface ReadRecord {
  readonly record: JournalRecord | SwipeBytes;
  /** Of its person; null where it is about the whole partition. */
  readonly key: KeyWords | null;
  readonly logged: LoggedRecord;
}

export class JournalReading {
  private readonly places: SwipeBytes[] = [];

  /**
   * What it gives is valid until the next call. @throws LogBodyError.
   * @param mayLie which of the records may be left where they lie.
   */
  read(batch: readonly LoggedRecord[], mayLie: (logged: LoggedRecord) => boolean): ReadRecord[] {
    let used = 0;
    return batch.map((logged) => {
      if (this.places.length === used) this.places.push(new SwipeBytes());
      const record = mayLie(logged) ? readRecord(this.places[used]!, logged) : recordOf(logged);
      if (record instanceof SwipeBytes) used++;
      return { logged, record, key: keyOf(record) };
    });
  }

  /** All as objects. @throws LogBodyError. */
  readObjects(batch: readonly LoggedRecord[]): ReadRecord[] {
    return batch.map((logged) => {
      const record = recordOf(logged);
      return { logged, record, key: keyOf(record) };
    });
  }
}

function keyOf(record: JournalRecord | SwipeBytes): KeyWords | null {
  if (record instanceof SwipeBytes) return record.personWords;
  return "personKey" in record ? keyWordsOf(record.personKey) : null;
}

/** The swipe, which `place` then stands for, or any other record. @throws LogBodyError. */
export function readRecord(place: SwipeBytes, logged: LoggedRecord): JournalRecord | SwipeBytes {
  return isSwipe(place, logged) ? place : recordOf(logged);
}

/** @throws LogBodyError. */
export function recordOf({ value }: LoggedRecord): JournalRecord {
  return decodeJournalBody(value, crc32c);
}

function isSwipe(swipe: SwipeBytes, logged: LoggedRecord): boolean {
  const { source, valueAt, valueBytes } = placed(logged);
  const end = valueAt + valueBytes;
  return isSealedBody(source, valueAt, end, crc32c) && swipe.scan(source, valueAt + BODY_HEAD_BYTES, end);
}

interface Place extends Pick<PlacedRecord, "valueAt" | "valueBytes"> {
  readonly source: ByteSource;
}

/** Where a value lies with enough behind it: a copy where it does not. */
function placed(logged: LoggedRecord): Place {
  if (isPlaced(logged)) {
    const { source, valueAt, valueBytes } = logged;
    if (valueAt + valueBytes + WORD_COMPARED_BYTES <= source.bytes.length) return logged;
  }
  const { value } = logged;
  const bytes = Buffer.alloc(value.length + WORD_COMPARED_BYTES);
  bytes.set(value);
  return { source: { bytes, view: viewOf(bytes) }, valueAt: 0, valueBytes: value.length };
}

function isPlaced(logged: LoggedRecord): logged is PlacedRecord {
  return "source" in logged;
}
