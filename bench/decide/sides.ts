/** What is measured: each side takes one message and gives one answer, and has been filled before. */

import type { LoadedBundle } from "../../cli/bundle-files.js";
import { formatInstant, parseInstantMs } from "../../schemas/instant.js";
import { JOURNAL_SCHEMAS } from "../../schemas/journal.js";
import { Partition } from "../../services/detector/partition.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { PlainNode } from "../peers/plain-node/plain-node.js";
import { swipe5Bundle } from "../swipe-5/bundle.js";
import { SwipeGenerator } from "../swipe-5/generator.js";
import type { JobSwipe } from "../swipe-5/job.js";
import { type AnswerSink, Swipe5 } from "../swipe-5/swipe-5.js";

export const SIDES = ["plain-node", "kadun", "kadun-batch", "kadun-full", "kadun-outcome"] as const;
export type SideName = (typeof SIDES)[number];

export interface Side {
  /** Takes a swipe into the state, unmeasured. */
  ingest(swipe: JobSwipe): void;
  /** The bytes this side reads of a swipe. */
  message(swipe: JobSwipe, shuffle: ((keys: string[]) => string[]) | null): Buffer;
  handle(bytes: Buffer, nowMs: number): Uint8Array;
  /** The same for messages that lie there together: one by one, except for `kadun-batch`. */
  handleBatch(batch: readonly Buffer[], now: () => number, sink: AnswerSink): void;
  /** Bytes of records and index, where the side keeps them itself. */
  bytesHeld(): number | null;
}

export function sideOf(name: SideName, persons: number, loaded: LoadedBundle): Side {
  switch (name) {
    case "plain-node":
      return jobSide(new PlainNode(persons), () => null);
    case "kadun": {
      const kadun = new Swipe5(persons, swipe5Bundle());
      return jobSide(kadun, () => kadun.table.bytesHeld);
    }
    case "kadun-batch": {
      const kadun = new Swipe5(persons, swipe5Bundle());
      const side = jobSide(kadun, () => kadun.table.bytesHeld);
      return { ...side, handleBatch: (batch, now, sink) => kadun.handleBatch(batch, now, sink) };
    }
    case "kadun-full": {
      const kadun = new Swipe5(persons, loaded.bundle);
      return jobSide(kadun, () => kadun.table.bytesHeld);
    }
    case "kadun-outcome":
      return outcomeSide(persons, loaded);
  }
}

function jobSide(
  side: { ingest(swipe: JobSwipe): void; handle(bytes: Buffer, nowMs: number): Uint8Array },
  bytesHeld: () => number | null,
): Side {
  return {
    ingest: (swipe) => side.ingest(swipe),
    message: (swipe, shuffle) =>
      Buffer.from(JSON.stringify(shuffle === null ? swipe : inOrder(swipe, shuffle))),
    handle: (bytes, nowMs) => side.handle(bytes, nowMs),
    handleBatch(batch, now, sink) {
      for (const bytes of batch) give(side.handle(bytes, now()), sink);
    },
    bytesHeld,
  };
}

function give(answer: Uint8Array, sink: AnswerSink): void {
  sink(answer, 0, answer.length);
}

function inOrder(swipe: JobSwipe, shuffle: (keys: string[]) => string[]): object {
  const fields = swipe as Readonly<Record<string, unknown>>;
  return Object.fromEntries(shuffle(Object.keys(swipe)).map((key) => [key, fields[key]]));
}

/** Canonical bytes → journal schema → the default ruleset → the whole outcome of docs/design.md section 5. */
function outcomeSide(persons: number, loaded: LoadedBundle): Side {
  const partition = new Partition(loaded.bundle, { personsExpected: persons });
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loaded.drugs };
  let offset = 0;
  const judge = (bytes: Buffer) => {
    const record = JOURNAL_SCHEMAS.swipe.parse(JSON.parse(bytes.toString()));
    return partition.take(record, offset++, parseInstantMs(record.occurredAt));
  };
  const message = (swipe: JobSwipe) => {
    const record = acceptRecord(rawOf(swipe), context);
    if (isRefusal(record)) throw new Error(`${record.code} ${record.field}: ${record.reason}`);
    return Buffer.from(JSON.stringify(record));
  };
  const handle = (bytes: Buffer) => Buffer.from(JSON.stringify(judge(bytes)));
  return {
    ingest: (swipe) => void judge(message(swipe)),
    message,
    handle,
    handleBatch(batch, _now, sink) {
      for (const bytes of batch) give(handle(bytes), sink);
    },
    bytesHeld: () => partition.personBytes,
  };
}

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

/** A generator that first meets every person once and then half of them again. */
export function filledGenerator(side: Side, persons: number): SwipeGenerator {
  const again = Math.trunc(persons / 2);
  const generator = new SwipeGenerator(persons, { leadSwipes: persons + again });
  for (let person = 0; person < persons; person++) side.ingest(generator.next(person));
  for (let i = 0; i < again; i++) side.ingest(generator.next());
  generator.endBurst();
  return generator;
}
