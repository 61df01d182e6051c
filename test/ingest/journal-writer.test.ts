/** Group commit into the journal: order, limits, failures that stay with their own records. */

import { describe, expect, test } from "@jest/globals";
import type { AppendResult, LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { EventLogError } from "../../platform/event-log/event-log.js";
import type { CanonicalFeedback, CanonicalHeartbeat } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";

/** A log whose appends finish when the test says so. Refuses a second append in flight, as the port demands. */
class HeldLog implements LogProducer {
  readonly appended: { partition: number; entries: readonly LogEntry[] }[] = [];
  private readonly ends = new Map<number, number>();
  private readonly underWay = new Map<number, { done: (error?: Error) => void }>();
  private arrivals: (() => void)[] = [];

  append(partition: number, entries: readonly LogEntry[]): Promise<AppendResult> {
    if (this.underWay.has(partition)) throw new EventLogError("APPEND_IN_FLIGHT", "two appends in flight");
    for (const arrived of this.arrivals.splice(0)) arrived();
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        this.underWay.delete(partition);
        if (error !== undefined) return reject(error);
        const firstOffset = this.ends.get(partition) ?? 0;
        this.ends.set(partition, firstOffset + entries.length);
        this.appended.push({ partition, entries });
        resolve({ firstOffset, appendedAtMs: 0 });
      };
      this.underWay.set(partition, { done });
    });
  }

  /** When the next append has begun. */
  arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.arrivals.push(resolve);
    });
  }

  finish(partition: number, error?: Error): void {
    this.underWay.get(partition)!.done(error);
  }

  get inFlight(): number {
    return this.underWay.size;
  }

  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

const PARTITIONS = 4;

/** The first of the keys that belong to the partition. */
function person(partition: number): string {
  for (let number = 0; ; number++) {
    const personKey = number.toString(16).padStart(8, "0").padEnd(32, "a");
    if (partitionOf(personKey, PARTITIONS) === partition) return personKey;
  }
}

function feedback(partition: number, eventId: string): CanonicalFeedback {
  return {
    type: "feedback",
    eventId,
    occurredAt: "2026-03-01T10:00:00.000+08:00",
    personKey: person(partition),
    rule: "R01",
    verdict: "honest",
    contentHash: "0123456789abcdef",
  };
}

const heartbeat: CanonicalHeartbeat = {
  type: "heartbeat",
  feedId: "33",
  occurredAt: "2026-03-01T10:00:00.000+08:00",
};

function eventIds(log: HeldLog): string[][] {
  return log.appended.map(({ entries }) =>
    entries.map(({ value }) => (decodeJournalBody(value) as CanonicalFeedback).eventId),
  );
}

function writerOn(producer: LogProducer, limits: object = {}): JournalWriter {
  return new JournalWriter({ producer, partitionCount: PARTITIONS, ...limits });
}

describe("the journal writer", () => {
  test("appends what arrives during an append as the next batch, in the order of the calls", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    let arrived = log.arrival();
    const first = writer.append(feedback(1, "a"));
    await arrived;
    const others = ["b", "c", "d"].map((eventId) => writer.append(feedback(1, eventId)));
    expect(log.inFlight).toBe(1);
    arrived = log.arrival();
    log.finish(1);
    expect(await first).toEqual({ partition: 1, offset: 0 });
    await arrived;
    log.finish(1);
    expect(await Promise.all(others)).toEqual([1, 2, 3].map((offset) => ({ partition: 1, offset })));
    expect(eventIds(log)).toEqual([["a"], ["b", "c", "d"]]);
    expect(writer.depth).toBe(0);
  });

  test("appends what is called in one turn together", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const arrived = log.arrival();
    const all = ["a", "b"].map((eventId) => writer.append(feedback(0, eventId)));
    await arrived;
    log.finish(0);
    await Promise.all(all);
    expect(eventIds(log)).toEqual([["a", "b"]]);
  });

  test("writes to a person's partition under the person's key, with the header given", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const arrived = log.arrival();
    const header = Uint8Array.of(1, 2, 3);
    const appended = writer.append(feedback(3, "a"), header);
    await arrived;
    log.finish(3);
    await appended;
    expect(partitionOf(person(3), PARTITIONS)).toBe(3);
    expect(log.appended[0]!.entries[0]).toMatchObject({ key: person(3), header });
  });

  test("lets one partition wait without holding up another", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const slow = writer.append(feedback(0, "slow"));
    const quick = writer.append(feedback(1, "quick"));
    await Promise.resolve();
    expect(log.inFlight).toBe(2);
    log.finish(1);
    expect(await quick).toEqual({ partition: 1, offset: 0 });
    log.finish(0);
    await slow;
  });

  test("fails only the records of the failed append and never repeats it", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    let arrived = log.arrival();
    const lost = writer.append(feedback(0, "lost"));
    const outcome = lost.catch((error: unknown) => error);
    await arrived;
    const later = writer.append(feedback(0, "later"));
    arrived = log.arrival();
    log.finish(0, new EventLogError("FAILED", "no answer", { retryable: true }));
    expect(await outcome).toMatchObject({ code: "FAILED", retryable: true });
    await arrived;
    log.finish(0);
    expect(await later).toEqual({ partition: 0, offset: 0 });
    expect(eventIds(log)).toEqual([["later"]]);
  });

  test("cuts batches by records and by bytes; a long record goes alone", async () => {
    const log = new HeldLog();
    const writer = writerOn(log, { batchRecordsMax: 2, batchBytesMax: 600 });
    const long = { ...feedback(0, "c"), rule: "R".repeat(700) };
    const records = [feedback(0, "a"), feedback(0, "b"), long, feedback(0, "d")];
    const all = Promise.all(records.map((record) => writer.append(record)));
    for (const _batch of [1, 2, 3]) {
      await Promise.resolve();
      while (log.inFlight === 0) await Promise.resolve();
      log.finish(0);
    }
    await all;
    expect(eventIds(log)).toEqual([["a", "b"], ["c"], ["d"]]);
  });

  test("refuses what does not fit the queue and takes more once there is room", async () => {
    const log = new HeldLog();
    const writer = writerOn(log, { queueRecordsMax: 2 });
    const arrived = log.arrival();
    const kept = [writer.append(feedback(0, "a")), writer.append(feedback(0, "b"))];
    expect(writer.hasRoomFor(1)).toBe(false);
    await expect(writer.append(feedback(1, "c"))).rejects.toMatchObject({
      code: "LOG_BUSY",
      retryable: true,
    });
    await arrived;
    log.finish(0);
    await Promise.all(kept);
    expect(writer.hasRoomFor(2)).toBe(true);
  });

  test("refuses bytes that do not fit the queue, and a record that no log takes", async () => {
    const log = new HeldLog();
    const writer = writerOn(log, { queueBytesMax: 300 });
    const arrived = log.arrival();
    const kept = writer.append(feedback(0, "a"));
    await expect(writer.append(feedback(0, "b"))).rejects.toMatchObject({ code: "LOG_BUSY" });
    const huge = { ...feedback(0, "c"), rule: "R".repeat(1_000_001) };
    await expect(writer.append(huge)).rejects.toMatchObject({ code: "ENTRY_TOO_LONG", retryable: false });
    await arrived;
    log.finish(0);
    await kept;
  });

  test("appends nothing that is no longer wanted when its turn comes, and the others of its batch", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const first = writer.append(feedback(0, "a"));
    await Promise.resolve();
    let isWanted = true;
    const stale = writer.append(feedback(0, "b"), undefined, () => isWanted).catch((error: unknown) => error);
    const other = writer.append(feedback(0, "c"));
    isWanted = false;
    const arrived = log.arrival();
    log.finish(0);
    await arrived;
    log.finish(0);
    expect(await stale).toMatchObject({ code: "NOT_ASSIGNED" });
    expect([await first, await other].map(({ offset }) => offset)).toEqual([0, 1]);
    expect(writer.depth).toBe(0);
  });

  test("appends nothing where nothing of a batch is wanted any more", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    await expect(writer.append(feedback(0, "a"), undefined, () => false)).rejects.toMatchObject({
      code: "NOT_ASSIGNED",
    });
    expect([log.inFlight, writer.depth]).toEqual([0, 0]);
  });

  test("appends a record about the whole partition to each of them", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const all = writer.appendToAll(heartbeat);
    await Promise.resolve();
    for (let partition = 0; partition < PARTITIONS; partition++) log.finish(partition);
    expect((await all).map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    expect(log.appended.every(({ entries }) => entries[0]!.key === "")).toBe(true);
  });

  test("names the partitions in which a record for all is missing", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const outcome = writer.appendToAll(heartbeat).catch((error: unknown) => error);
    await Promise.resolve();
    for (let partition = 0; partition < PARTITIONS; partition++)
      log.finish(partition, partition === 2 ? new Error("gone") : undefined);
    expect(await outcome).toMatchObject({
      code: "JOURNAL_INCOMPLETE",
      failedPartitions: [2],
      retryable: true,
    });
    expect(log.appended).toHaveLength(PARTITIONS - 1);
  });

  test("finishes what it took before it closes, and takes nothing after", async () => {
    const log = new HeldLog();
    const writer = writerOn(log);
    const appended = writer.append(feedback(0, "a"));
    const closed = writer.close();
    await expect(writer.append(feedback(0, "b"))).rejects.toMatchObject({ code: "LOG_CLOSED" });
    await Promise.resolve();
    log.finish(0);
    await appended;
    await closed;
    await writer.close();
    expect(eventIds(log)).toEqual([["a"]]);
  });
});
