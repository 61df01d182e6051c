/**
 * What every event log does (platform/event-log/event-log.ts), as tests. An adapter's test file gives a harness and the
 * list of what its adapter lacks, with reasons.
 */

import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import {
  type EventLog,
  type LoggedRecord,
  type LogReader,
  type ReadLimits,
  VALUE_BYTES_MAX,
} from "../../platform/event-log/event-log.js";
import { Behaviours, type Deviations, type Lacking } from "./behaviours.js";
import { contentOf, numberedEntries, numberedEntry, strangers } from "./numbered-entry.js";
import type { WritingOrder, WritingProcess } from "./writing-process.js";

/** Topics every log under test has. */
export const DURABLE = "contract.durable";
export const DERIVED = "contract.derived";
export const PARTITIONS = 3;

/** One stored log, empty at first. */
export interface StoredLog {
  /** Opens what is stored; the one opened before is closed, or its process has ended. */
  open(): Promise<EventLog>;
  readonly processes: LogProcesses | Lacking;
  /** Nothing is left of it. */
  remove(): Promise<void>;
}

export interface LogProcesses {
  write(order: WritingOrder): Promise<WritingProcess>;
  /** Opens the log to read what another process writes. */
  openBeside(): Promise<EventLog>;
  readonly smallDisk: SmallDisk | Lacking;
}

export interface SmallDisk {
  /** A writing process that finds no more room after so many bytes. */
  write(order: WritingOrder, bytesMax: number): Promise<WritingProcess & { makeRoom(): Promise<void> }>;
}

export interface EventLogHarness {
  create(): Promise<StoredLog>;
  /** Says of the adapter what `StoredLog` will say; titles are fixed before a log exists. */
  readonly processes: { readonly has: true } | Lacking;
  readonly smallDisk: { readonly has: true } | Lacking;
  readonly deviations?: Deviations;
}

const AT_ONCE: ReadLimits = { recordsMax: 10_000, bytesMax: 100_000_000, waitMs: 0 };
const PATIENT: ReadLimits = { ...AT_ONCE, waitMs: 10_000 };

export function describeEventLog(name: string, harness: EventLogHarness): void {
  describe(`${name} is an event log`, () => {
    const behaviours = new Behaviours(harness.deviations);
    let stored: StoredLog;
    let log: EventLog;

    beforeEach(async () => {
      stored = await harness.create();
      log = await stored.open();
    });
    afterEach(async () => {
      await log.close();
      await stored.remove();
    });

    const parts = { log: () => log, stored: () => stored, use: (other: EventLog) => (log = other) };
    describeAppends(behaviours, parts);
    describeReads(behaviours, parts);
    describeTrimming(behaviours, parts);
    describeClosing(behaviours, parts);
    describeProcesses(behaviours, parts, harness);
    behaviours.checkDeviations();
  });
}

interface Parts {
  log(): EventLog;
  stored(): StoredLog;
  use(log: EventLog): EventLog;
}

function describeAppends({ behaviour }: Behaviours, { log }: Parts): void {
  behaviour("offsets begin at 0 and follow without a gap, over calls and within them", async () => {
    const producer = await log().producer(DURABLE);
    const firsts: number[] = [];
    for (const count of [1, 3, 2])
      firsts.push((await producer.append(1, numberedEntries(firsts.length, count))).firstOffset);
    expect(firsts).toEqual([0, 1, 4]);
    expect((await readAll(log(), 1)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  behaviour(
    "records come back in the order of the appends, with key, value and header as given",
    async () => {
      const producer = await log().producer(DURABLE);
      for (let first = 0; first < 60; first += 20) await producer.append(0, numberedEntries(first, 20));
      expect(strangers(await readAll(log(), 0), 0)).toEqual([]);
    },
  );

  behaviour("partitions and topics do not mix", async () => {
    const durable = await log().producer(DURABLE);
    const derived = await log().producer(DERIVED);
    await Promise.all([
      durable.append(0, [numberedEntry(10)]),
      durable.append(1, [numberedEntry(11)]),
      derived.append(0, [numberedEntry(12)]),
    ]);
    const found = [await readAll(log(), 0), await readAll(log(), 1), await readAll(log(), 0, DERIVED)];
    expect(found.map((records) => records.map(({ key }) => key))).toEqual([
      ["key-10"],
      ["key-11"],
      ["key-12"],
    ]);
    expect(await log().bounds(DURABLE, 2)).toEqual({ start: 0, end: 0 });
  });

  behaviour(
    "a second append to a partition before the first settled is refused and writes nothing",
    async () => {
      const producer = await log().producer(DURABLE);
      const first = producer.append(0, [numberedEntry(0)]);
      await expect(producer.append(0, [numberedEntry(99)])).rejects.toMatchObject({
        code: "APPEND_IN_FLIGHT",
      });
      await first;
      await producer.append(0, [numberedEntry(1)]);
      expect(strangers(await readAll(log(), 0), 0)).toEqual([]);
      expect((await log().bounds(DURABLE, 0)).end).toBe(2);
    },
  );

  behaviour("appends to several partitions may be under way at once", async () => {
    const producer = await log().producer(DURABLE);
    const results = await Promise.all(
      [0, 1, 2].map((partition) => producer.append(partition, numberedEntries(0, 5))),
    );
    expect(results.map(({ firstOffset }) => firstOffset)).toEqual([0, 0, 0]);
    for (const partition of [0, 1, 2]) expect(strangers(await readAll(log(), partition), 0)).toEqual([]);
  });

  behaviour("a value above the limit is refused, and nothing of its append is written", async () => {
    const producer = await log().producer(DURABLE);
    const tooLarge = { ...numberedEntry(1), value: new Uint8Array(VALUE_BYTES_MAX + 1) };
    await expect(producer.append(0, [numberedEntry(0), tooLarge])).rejects.toMatchObject({
      code: "VALUE_TOO_LARGE",
      retryable: false,
    });
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 0, end: 0 });
    await producer.append(0, [numberedEntry(0)]);
    expect(strangers(await readAll(log(), 0), 0)).toEqual([]);
  });

  behaviour("the largest value, an empty value, an empty header and a key in Chinese come back", async () => {
    const producer = await log().producer(DURABLE);
    const entries = [
      { key: "医保卡", value: new Uint8Array(VALUE_BYTES_MAX).fill(7), header: new Uint8Array() },
      { key: "", value: new Uint8Array(), header: new Uint8Array(12).fill(3) },
    ];
    await producer.append(0, entries);
    expect((await readAll(log(), 0)).map(contentOf)).toEqual(entries.map(contentOf));
  });

  behaviour("the caller may reuse its bytes as soon as append has returned", async () => {
    const producer = await log().producer(DURABLE);
    const entry = numberedEntry(0);
    const expected = contentOf(entry);
    const append = producer.append(0, [entry]);
    entry.value.fill(255);
    await append;
    expect((await readAll(log(), 0)).map(contentOf)).toEqual([expected]);
  });

  behaviour("flush resolves, and what was appended before it is there", async () => {
    const producer = await log().producer(DERIVED);
    await producer.append(0, numberedEntries(0, 10));
    await producer.flush();
    expect(strangers(await readAll(log(), 0, DERIVED), 0)).toEqual([]);
  });

  behaviour("an unknown topic or partition is refused by name", async () => {
    await expect(log().producer("contract.nobody")).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    await expect(log().partitionCount("contract.nobody")).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    await expect(log().reader(DURABLE, PARTITIONS, 0)).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    await expect(log().bounds(DURABLE, PARTITIONS)).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    expect(await log().partitionCount(DURABLE)).toBe(PARTITIONS);
  });
}

function describeReads({ behaviour }: Behaviours, { log }: Parts): void {
  behaviour("a reader that begins at an offset again gets the same bytes again", async () => {
    await append(log(), 30);
    const once = await readAll(log(), 0);
    for (const from of [0, 1, 17, 29]) {
      const again = await readAll(log(), 0, DURABLE, from);
      expect(again.map(contentOf)).toEqual(once.slice(from).map(contentOf));
      expect(again.map(({ offset, appendedAtMs }) => [offset, appendedAtMs])).toEqual(
        once.slice(from).map(({ offset, appendedAtMs }) => [offset, appendedAtMs]),
      );
    }
  });

  behaviour("bytes handed out stay as they were while more is read", async () => {
    await append(log(), 50);
    const reader = await log().reader(DURABLE, 0, 0);
    const first = await reader.read({ ...AT_ONCE, recordsMax: 25 });
    await reader.read(AT_ONCE);
    await reader.close();
    expect(strangers(first, 0)).toEqual([]);
  });

  behaviour("the tail is the last record with its header; an empty partition has none", async () => {
    expect(await log().tail(DURABLE, 0)).toBeNull();
    await append(log(), 8);
    const tail = await log().tail(DURABLE, 0);
    expect(tail === null ? null : strangers([tail], 7)).toEqual([]);
    expect(Buffer.from(tail!.header).toString()).toBe("header-7");
  });

  behaviour("bounds tell the first record kept and the offset of the next", async () => {
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 0, end: 0 });
    await append(log(), 8);
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 0, end: 8 });
  });

  behaviour("recordsMax limits a batch, the next one goes on behind it", async () => {
    await append(log(), 10);
    const reader = await log().reader(DURABLE, 0, 0);
    const sizes: number[] = [];
    for (let read = 0; read < 4; read++)
      sizes.push((await reader.read({ ...AT_ONCE, recordsMax: 4 })).length);
    expect(sizes).toEqual([4, 4, 2, 0]);
    expect(reader.position).toBe(10);
    await reader.close();
  });

  behaviour("bytesMax limits a batch, but a single record above it comes alone", async () => {
    const producer = await log().producer(DURABLE);
    const entries = [100, 100, 5000, 100].map((bytes, index) => ({
      ...numberedEntry(index, bytes),
      header: Buffer.alloc(0),
    }));
    await producer.append(0, entries);
    const reader = await log().reader(DURABLE, 0, 0);
    const offsets: number[][] = [];
    for (let read = 0; read < 3; read++)
      offsets.push((await reader.read({ ...AT_ONCE, bytesMax: 250 })).map(({ offset }) => offset));
    expect(offsets).toEqual([[0, 1], [2], [3]]);
    await reader.close();
  });

  behaviour("a read at the end that may not wait returns nothing, and the position stays", async () => {
    await append(log(), 3);
    const reader = await log().reader(DURABLE, 0, 3);
    expect(await reader.read(AT_ONCE)).toEqual([]);
    expect(reader.position).toBe(3);
    await reader.close();
  });

  behaviour("a read behind the end or before the start is refused, never moved", async () => {
    await append(log(), 3);
    for (const offset of [4, 1000, -1]) {
      const reader = await log().reader(DURABLE, 0, offset);
      await expect(reader.read(AT_ONCE)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
      expect(reader.position).toBe(offset);
      await reader.close();
    }
  });

  behaviour("a waiting reader gets what is appended, long before its time has passed", async () => {
    const reader = await log().reader(DURABLE, 0, 0);
    const waiting = reader.read(PATIENT);
    const begun = performance.now();
    await append(log(), 2);
    expect(strangers(await waiting, 0)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(PATIENT.waitMs / 4);
    await reader.close();
  });

  behaviour("an append to another partition does not end a wait", async () => {
    const reader = await log().reader(DURABLE, 0, 0);
    const waiting = reader.read(PATIENT);
    const producer = await log().producer(DURABLE);
    await producer.append(1, [numberedEntry(5)]);
    await producer.append(0, [numberedEntry(0)]);
    expect(strangers(await waiting, 0)).toEqual([]);
    await reader.close();
  });

  behaviour("a wait ends with nothing when its time has passed", async () => {
    const reader = await log().reader(DURABLE, 0, 0);
    expect(await reader.read({ ...AT_ONCE, waitMs: 20 })).toEqual([]);
    await reader.close();
  });

  behaviour("several readers of one partition each get everything", async () => {
    const readers = await Promise.all([0, 0, 0].map((from) => log().reader(DURABLE, 0, from)));
    const waiting = readers.map((reader) => reader.read(PATIENT));
    await append(log(), 4);
    for (const records of await Promise.all(waiting)) expect(strangers(records, 0)).toEqual([]);
    await Promise.all(readers.map((reader) => reader.close()));
  });
}

function describeTrimming({ behaviour }: Behaviours, { log, stored, use }: Parts): void {
  behaviour(
    "trim forgets what is before an offset: what is behind it keeps its offsets and bytes",
    async () => {
      await append(log(), 50);
      await log().trim(DURABLE, 0, 17);
      expect(await log().bounds(DURABLE, 0)).toEqual({ start: 17, end: 50 });
      const kept = await readAll(log(), 0, DURABLE, 17);
      expect(kept.map(({ offset }) => offset)).toEqual(Array.from({ length: 33 }, (_, i) => 17 + i));
      expect(strangers(kept, 17)).toEqual([]);
    },
  );

  behaviour("a reader below the trimmed start is refused, also one that stood there before", async () => {
    await append(log(), 20);
    const stood = await log().reader(DURABLE, 0, 0);
    expect(await stood.read({ ...AT_ONCE, recordsMax: 3 })).toHaveLength(3);
    await log().trim(DURABLE, 0, 10);
    const below = await log().reader(DURABLE, 0, 9);
    await expect(below.read(AT_ONCE)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
    await below.close();
    const refused = async () => {
      // What had come before the trim may still be handed out, nothing else.
      while (stood.position < 10) await stood.read({ ...AT_ONCE, recordsMax: 1 });
      throw Object.assign(new Error("everything before the trim was at hand"), {
        code: "OFFSET_OUT_OF_RANGE",
      });
    };
    await expect(refused()).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
    await stood.close();
  });

  behaviour("a trim again, or below the start, changes nothing; one behind the end is refused", async () => {
    await append(log(), 10);
    await log().trim(DURABLE, 0, 5);
    await log().trim(DURABLE, 0, 5);
    await log().trim(DURABLE, 0, 0);
    await expect(log().trim(DURABLE, 0, 11)).rejects.toMatchObject({ code: "OFFSET_OUT_OF_RANGE" });
    await expect(log().trim("nobody.knows", 0, 0)).rejects.toMatchObject({ code: "TOPIC_UNKNOWN" });
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 5, end: 10 });
  });

  behaviour("a partition trimmed to its end is empty, others are not, and offsets go on", async () => {
    await append(log(), 8);
    const producer = await log().producer(DURABLE);
    await producer.append(1, numberedEntries(0, 2));
    await log().trim(DURABLE, 0, 8);
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 8, end: 8 });
    expect(await log().bounds(DURABLE, 1)).toEqual({ start: 0, end: 2 });
    expect(await log().tail(DURABLE, 0)).toBeNull();
    expect((await producer.append(0, numberedEntries(8, 2))).firstOffset).toBe(8);
    expect(strangers(await readAll(log(), 0, DURABLE, 8), 8)).toEqual([]);
  });

  behaviour("what was trimmed stays so after closing and opening again", async () => {
    await append(log(), 12);
    await log().trim(DURABLE, 0, 12);
    await log().close();
    use(await stored().open());
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 12, end: 12 });
    const producer = await log().producer(DURABLE);
    expect((await producer.append(0, numberedEntries(12, 1))).firstOffset).toBe(12);
  });
}

function describeClosing({ behaviour }: Behaviours, { log, stored, use }: Parts): void {
  behaviour("what was appended is there after closing and opening again, and offsets go on", async () => {
    await append(log(), 5);
    await log().close();
    use(await stored().open());
    expect(await log().bounds(DURABLE, 0)).toEqual({ start: 0, end: 5 });
    const producer = await log().producer(DURABLE);
    expect((await producer.append(0, numberedEntries(5, 2))).firstOffset).toBe(5);
    expect(strangers(await readAll(log(), 0), 0)).toEqual([]);
    expect((await log().tail(DURABLE, 0))?.offset).toBe(6);
  });

  behaviour("close waits for an append in flight, which then succeeds", async () => {
    const producer = await log().producer(DURABLE);
    const appending = producer.append(0, numberedEntries(0, 50));
    await log().close();
    expect((await appending).firstOffset).toBe(0);
    use(await stored().open());
    expect(strangers(await readAll(log(), 0), 0)).toEqual([]);
    expect((await log().bounds(DURABLE, 0)).end).toBe(50);
  });

  behaviour("close ends a waiting reader with an empty batch", async () => {
    const reader = await log().reader(DURABLE, 0, 0);
    const waiting = reader.read(PATIENT);
    await log().close();
    expect(await waiting).toEqual([]);
  });

  behaviour("closing a reader ends its own wait and no other", async () => {
    const [one, other] = await Promise.all([0, 0].map((from) => log().reader(DURABLE, 0, from)));
    const waits = [one!.read(PATIENT), other!.read(PATIENT)];
    await one!.close();
    expect(await waits[0]).toEqual([]);
    await append(log(), 1);
    expect(strangers((await waits[1])!, 0)).toEqual([]);
    await other!.close();
  });

  behaviour("close may be called twice; every other call after it fails with CLOSED", async () => {
    const producer = await log().producer(DURABLE);
    const reader = await log().reader(DURABLE, 0, 0);
    await log().close();
    await log().close();
    const closed = { code: "CLOSED" };
    await expect(producer.append(0, [numberedEntry(0)])).rejects.toMatchObject(closed);
    await expect(producer.flush()).rejects.toMatchObject(closed);
    await expect(reader.read(AT_ONCE)).rejects.toMatchObject(closed);
    await expect(log().producer(DURABLE)).rejects.toMatchObject(closed);
    await expect(log().reader(DURABLE, 0, 0)).rejects.toMatchObject(closed);
    await expect(log().bounds(DURABLE, 0)).rejects.toMatchObject(closed);
    await expect(log().tail(DURABLE, 0)).rejects.toMatchObject(closed);
    await expect(log().trim(DURABLE, 0, 0)).rejects.toMatchObject(closed);
    await expect(log().partitionCount(DURABLE)).rejects.toMatchObject(closed);
  });
}

function describeProcesses(
  behaviours: Behaviours,
  { log, stored, use }: Parts,
  harness: EventLogHarness,
): void {
  const order: WritingOrder = {
    topic: DURABLE,
    partition: 0,
    entriesPerAppend: 7,
    valueBytes: 200,
    entriesMax: 1_000_000,
    pauseMs: 0,
  };
  const processes = (): LogProcesses => {
    const has = stored().processes;
    if ("lacks" in has) throw new Error(`the harness promised processes: ${has.lacks}`);
    return has;
  };

  for (const topic of [DURABLE, DERIVED])
    behaviours.needing(
      harness.processes,
      `after kill -9 of a writing process all acknowledged records of ${topic} are there, in order, without a gap`,
      async () => {
        await log().close();
        const writing = await processes().write({ ...order, topic });
        await writing.until(({ acknowledged }) => acknowledged >= 2000);
        await writing.kill();
        use(await stored().open());
        const records = await readAll(log(), 0, topic);
        expect(records.length).toBeGreaterThanOrEqual(writing.acknowledged);
        expect(records.length % order.entriesPerAppend).toBe(0);
        expect(strangers(records, 0, order.valueBytes)).toEqual([]);
        const producer = await log().producer(topic);
        expect((await producer.append(0, [numberedEntry(0)])).firstOffset).toBe(records.length);
      },
    );

  behaviours.needing(
    harness.processes,
    "a second process reads while the first writes tens of megabytes",
    async () => {
      await log().close();
      const much = { ...order, entriesPerAppend: 500, valueBytes: 1000, entriesMax: 30_000 };
      const writing = await processes().write(much);
      await writing.until(({ acknowledged }) => acknowledged > 0);
      use(await processes().openBeside());
      const reader = await log().reader(DURABLE, 0, 0);
      while (reader.position < much.entriesMax) {
        const from = reader.position;
        const records = await reader.read({ recordsMax: 1000, bytesMax: 1_000_000, waitMs: 5000 });
        expect(records.length).toBeGreaterThan(0);
        expect(strangers(records, from, much.valueBytes)).toEqual([]);
      }
      await writing.finished();
      expect(await log().bounds(DURABLE, 0)).toEqual({ start: 0, end: much.entriesMax });
      expect((await log().tail(DURABLE, 0))?.offset).toBe(much.entriesMax - 1);
    },
  );

  behaviours.needing(
    harness.processes,
    "a reader that waits in a second process is woken by what the first appends",
    async () => {
      await log().close();
      const little = { ...order, entriesPerAppend: 1, entriesMax: 20, pauseMs: 30 };
      const writing = await processes().write(little);
      await writing.until(({ acknowledged }) => acknowledged > 0);
      use(await processes().openBeside());
      const reader = await log().reader(DURABLE, 0, 0);
      const begun = performance.now();
      const records: LoggedRecord[] = [];
      while (records.length < little.entriesMax) records.push(...(await reader.read(PATIENT)));
      expect(performance.now() - begun).toBeLessThan(PATIENT.waitMs / 2);
      expect(strangers(records, 0, little.valueBytes)).toEqual([]);
      await writing.finished();
    },
  );

  behaviours.needing(
    harness.smallDisk,
    "a full disk is DISK_FULL, retryable; what was acknowledged stays, and with room the same append goes through",
    async () => {
      await log().close();
      const { smallDisk } = processes();
      if ("lacks" in smallDisk) throw new Error(`the harness promised a small disk: ${smallDisk.lacks}`);
      const much = { ...order, entriesPerAppend: 100, valueBytes: 500, entriesMax: 8000 };
      const writing = await smallDisk.write(much, 2_000_000);
      await writing.until(({ refusals }) => refusals.length >= 2);
      expect(writing.refusals[0]).toMatchObject({ code: "DISK_FULL", retryable: true });
      expect(writing.acknowledged).toBeGreaterThan(0);
      expect(writing.acknowledged).toBeLessThan(much.entriesMax);
      await writing.makeRoom();
      await writing.finished();
      use(await stored().open());
      const records = await readAll(log(), 0);
      expect(records).toHaveLength(much.entriesMax);
      expect(strangers(records, 0, much.valueBytes)).toEqual([]);
    },
  );
}

async function append(log: EventLog, count: number): Promise<void> {
  const producer = await log.producer(DURABLE);
  await producer.append(0, numberedEntries(0, count));
  await producer.close();
}

async function readAll(log: EventLog, partition: number, topic = DURABLE, from = 0): Promise<LoggedRecord[]> {
  const reader: LogReader = await log.reader(topic, partition, from);
  const records: LoggedRecord[] = [];
  for (;;) {
    const batch = await reader.read(AT_ONCE);
    if (batch.length === 0) break;
    records.push(...batch);
  }
  await reader.close();
  return records;
}
