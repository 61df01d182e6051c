/** What is measured: each side takes one message and gives one answer, and has been filled before. */

import type { LoadedBundle } from "../../cli/bundle-files.js";
import { crc32c } from "../../platform/checksum/crc32c.js";
import type { PlacedRecord } from "../../platform/event-log/event-log.js";
import { type ByteSource, viewOf } from "../../platform/event-log/packed-entries.js";
import { WORD_COMPARED_BYTES } from "../../platform/json/word-list.js";
import { formatInstant } from "../../schemas/instant.js";
import { BODY_HEAD_BYTES, encodeBody } from "../../schemas/log-body.js";
import { readRecord } from "../../services/detector/journal-reading.js";
import { Partition } from "../../services/detector/partition.js";
import { DecisionWriter } from "../../services/detector/swipe-bytes/decision-writer.js";
import { SwipeBytes } from "../../services/detector/swipe-bytes/swipe-bytes.js";
import { Field } from "../../services/detector/swipe-bytes/swipe-fields.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { PlainNode } from "../peers/plain-node/plain-node.js";
import { swipe5Bundle } from "../swipe-5/bundle.js";
import { SwipeGenerator } from "../swipe-5/generator.js";
import type { JobSwipe } from "../swipe-5/job.js";
import { type AnswerSink, type MessageBatch, Swipe5 } from "../swipe-5/swipe-5.js";

export const SIDES = ["plain-node", "kadun", "kadun-batch", "kadun-full", "kadun-outcome"] as const;
export type SideName = (typeof SIDES)[number];

export interface Side {
  /** Takes a swipe into the state, unmeasured. */
  ingest(swipe: JobSwipe): void;
  /** The bytes this side reads of a swipe. */
  message(swipe: JobSwipe, shuffle: ((keys: string[]) => string[]) | null): Buffer;
  /** Answers one message. */
  handle(messages: MessageBatch, index: number, nowMs: number, sink: AnswerSink): void;
  /** The same for messages that lie there together: one by one, except for `kadun-batch`. */
  handleBatch(messages: MessageBatch, from: number, end: number, now: () => number, sink: AnswerSink): void;
  /** Bytes of records and index, where the side keeps them itself. */
  bytesHeld(): number | null;
}

export function sideOf(name: SideName, persons: number, loaded: LoadedBundle): Side {
  switch (name) {
    case "plain-node": {
      const plain = new PlainNode(persons);
      const handle: Handle = ({ bytes }, nowMs, start, end, sink) =>
        give(plain.handle(bytes, nowMs, start, end), sink);
      return jobSide({ ingest: (swipe) => plain.ingest(swipe), handle }, () => null);
    }
    case "kadun":
      return kadunSide(new Swipe5(persons, swipe5Bundle()));
    case "kadun-batch": {
      const kadun = new Swipe5(persons, swipe5Bundle());
      return {
        ...kadunSide(kadun),
        handleBatch: (messages, from, end, now, sink) => kadun.handleBatch(messages, from, end, now, sink),
      };
    }
    case "kadun-full":
      return kadunSide(new Swipe5(persons, loaded.bundle));
    case "kadun-outcome":
      return outcomeSide(persons, loaded);
  }
}

type Handle = (messages: MessageBatch, nowMs: number, start: number, end: number, sink: AnswerSink) => void;

function kadunSide(kadun: Swipe5): Side {
  const handle: Handle = ({ bytes }, nowMs, start, end, sink) => kadun.answer(bytes, nowMs, start, end, sink);
  return jobSide({ ingest: (swipe) => kadun.ingest(swipe), handle }, () => kadun.table.bytesHeld);
}

function jobSide(
  side: { readonly ingest: (swipe: JobSwipe) => void; readonly handle: Handle },
  bytesHeld: () => number | null,
): Side {
  const handle: Side["handle"] = (messages, index, nowMs, sink) =>
    side.handle(messages, nowMs, messages.start(index), messages.end(index), sink);
  return {
    ingest: side.ingest,
    message: (swipe, shuffle) =>
      Buffer.from(JSON.stringify(shuffle === null ? swipe : inOrder(swipe, shuffle))),
    handle,
    handleBatch: oneByOne(handle),
    bytesHeld,
  };
}

function oneByOne(handle: Side["handle"]): Side["handleBatch"] {
  return (messages, from, end, now, sink) => {
    for (let index = from; index < end; index++) handle(messages, index, now(), sink);
  };
}

function give(answer: Uint8Array, sink: AnswerSink): void {
  sink(answer, 0, answer.length);
}

function inOrder(swipe: JobSwipe, shuffle: (keys: string[]) => string[]): object {
  const fields = swipe as Readonly<Record<string, unknown>>;
  return Object.fromEntries(shuffle(Object.keys(swipe)).map((key) => [key, fields[key]]));
}

/** A body of the journal → the default ruleset → the body of the whole outcome of docs/design.md section 5. */
function outcomeSide(persons: number, loaded: LoadedBundle): Side {
  const partition = new Partition(loaded.bundle, { personsExpected: persons });
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs };
  const place = new SwipeBytes();
  const writer = new DecisionWriter();
  let offset = 0;
  const judge = (bytes: ByteSource, start: number, end: number) => {
    const record = readRecord(place, placedAt(bytes, start, end, offset));
    if (record !== place) throw new Error("a swipe was not read where it lies");
    const taken = partition.takeSwipe(place, place.personWords, offset++, place.numbers[Field.occurredAt]!);
    if (!("decided" in taken)) throw new Error("a swipe was not decided");
    writer.write(taken, place);
  };
  const message = (swipe: JobSwipe) => {
    const record = acceptRecord(rawOf(swipe), context);
    if (isRefusal(record)) throw new Error(`${record.code} ${record.field}: ${record.reason}`);
    return Buffer.from(encodeBody(record, crc32c));
  };
  let source = sourceOf(Buffer.alloc(0));
  const handle: Side["handle"] = (messages, index, _nowMs, sink) => {
    if (source.bytes !== messages.bytes) source = sourceOf(messages.bytes);
    judge(source, messages.start(index), messages.end(index));
    sink(writer.source.bytes, writer.start + BODY_HEAD_BYTES, writer.end);
  };
  const ingest = (swipe: JobSwipe) => {
    const bytes = message(swipe);
    judge(sourceOf(Buffer.concat([bytes], bytes.length + WORD_COMPARED_BYTES)), 0, bytes.length);
  };
  return { ingest, message, handle, handleBatch: oneByOne(handle), bytesHeld: () => partition.personBytes };
}

function sourceOf(bytes: Buffer): ByteSource {
  return { bytes, view: viewOf(bytes) };
}

/** As a log's record. */
function placedAt(source: ByteSource, start: number, end: number, offset: number): PlacedRecord {
  return {
    source,
    valueAt: start,
    valueBytes: end - start,
    get value() {
      return source.bytes.subarray(start, end);
    },
    keyAt: start,
    keyBytes: 0,
    key: "",
    header: NO_HEADER,
    offset,
    appendedAtMs: 0,
  };
}

const NO_HEADER = new Uint8Array(0);

function rawOf(swipe: JobSwipe): object {
  return {
    type: "swipe",
    eventId: swipe.eventId,
    kind: "settle",
    occurredAt: formatInstant(swipe.eventTime),
    personId: swipe.psnNo,
    cardNumber: swipe.cardSn,
    credential: "card",
    insuredRegion: "440300",
    careRegion: swipe.cityCode,
    institutionId: swipe.fixmedinsCode,
    institutionKind: swipe.medType === "41" ? "pharmacy" : "hospital",
    terminalId: swipe.devNo,
    operatorId: swipe.opter,
    visitKind: swipe.medType,
    totalFen: swipe.medfeeSumFen,
    accountFen: swipe.acctPayFen,
    pin: swipe.pinResult === "OK" ? "ok" : "wrong",
    longitude: swipe.lng,
    latitude: swipe.lat,
  };
}

/** A generator that first meets every person once and then half of them again, and the longest of these calls. */
export function filledGenerator(
  side: Side,
  persons: number,
): { readonly generator: SwipeGenerator; readonly longestMs: number } {
  const again = Math.trunc(persons / 2);
  const generator = new SwipeGenerator(persons, { leadSwipes: persons + again });
  let longestMs = 0;
  for (let i = 0; i < persons + again; i++) {
    const swipe = generator.next(i < persons ? i : undefined);
    const began = performance.now();
    side.ingest(swipe);
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  generator.endBurst();
  return { generator, longestMs: Number(longestMs.toFixed(1)) };
}
