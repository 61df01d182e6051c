/** When a block goes out: at the limits that are in force, on a clock that stands until the test moves it. */

import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnalyticsDatabase, InsertBlock } from "../../platform/analytics/analytics-database.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { encodeBody } from "../../schemas/log-body.js";
import { analyticsMetrics } from "../../services/analytics/analytics-metrics.js";
import { batchesOf, rowBytesMax } from "../../services/analytics/block.js";
import { BLOCK_LIMITS, BlockCommitter } from "../../services/analytics/block-committer.js";
import { JOURNAL_TABLE } from "../../services/analytics/log-tables.js";

const { rowsFull, bytesFull, waitMs } = BLOCK_LIMITS;
/** More turns of the event loop than a full block takes (one every 500 rows) until it is inserted. */
const TURNS = 30;
const START_MS = Date.parse("2026-03-10T09:00:00.000+08:00");

describe("a block", () => {
  let clock: StandingClock;
  let blocks: InsertedBlock[];
  let committer: BlockCommitter;
  let stop: AbortController;
  beforeEach(() => {
    clock = new StandingClock();
    blocks = [];
    stop = new AbortController();
    committer = new BlockCommitter({
      table: JOURNAL_TABLE,
      database: recording(blocks, clock),
      clock,
      logger: silentLogger,
      metrics: analyticsMetrics(noMetrics),
      limits: BLOCK_LIMITS,
      run: "run",
      signal: stop.signal,
    });
  });
  // What a failed test left waiting.
  afterEach(() => stop.abort());

  /** Returns when the committer has done what it can without waiting; `committed` is settled with its block. */
  const commit = async (partition: number, records: readonly LoggedRecord[]) => {
    const [batch] = batchesOf(partition, records);
    const committed = committer.commit(batch!);
    await settle();
    return { committed };
  };

  test(`goes out with ${rowsFull} rows of whatever partitions, no row earlier, and nobody waits`, async () => {
    const first = await commit(0, records(rowsFull / 2));
    const second = await commit(1, records(rowsFull / 2 - 1));
    expect(blocks).toEqual([]);
    const third = await commit(2, records(1));
    expect(blocks).toEqual([{ rows: rowsFull, atMs: 0 }]);
    await Promise.all([first.committed, second.committed, third.committed]);
  });

  test(`goes out with ${bytesFull >> 20} MiB, no byte earlier, and nobody waits`, async () => {
    const [most, last] = [records(15, bytesFull / 16), records(1, bytesFull / 16)];
    const oneByteLess = records(1, bytesFull / 16 - 2);
    await commit(0, most);
    await commit(1, oneByteLess);
    expect(blocks).toEqual([]);
    clock.pass(waitMs);
    await settle();
    expect(blocks).toEqual([{ rows: 16, atMs: waitMs }]);

    await commit(0, most);
    expect(blocks).toHaveLength(1);
    await commit(1, last);
    expect(blocks.slice(1)).toEqual([{ rows: 16, atMs: waitMs }]);
  });

  test(`goes out ${waitMs} ms after its first row, however few there are, and no millisecond earlier`, async () => {
    const first = await commit(0, records(1));
    clock.pass(waitMs - 1);
    // What comes later goes along and makes nobody wait longer.
    const second = await commit(1, records(2));
    expect(blocks).toEqual([]);
    clock.pass(1);
    await settle();
    expect(blocks).toEqual([{ rows: 3, atMs: waitMs }]);
    await Promise.all([first.committed, second.committed]);
  });

  test("after a full one waits anew", async () => {
    await commit(0, records(rowsFull));
    expect(blocks).toEqual([{ rows: rowsFull, atMs: 0 }]);
    await commit(0, records(1));
    clock.pass(waitMs - 1);
    await settle();
    expect(blocks).toHaveLength(1);
    clock.pass(1);
    await settle();
    expect(blocks.slice(1)).toEqual([{ rows: 1, atMs: waitMs }]);
  });
});

interface InsertedBlock {
  readonly rows: number;
  /** Since the clock began. */
  readonly atMs: number;
}

function recording(blocks: InsertedBlock[], clock: Clock): AnalyticsDatabase {
  const unused = () => Promise.reject(new Error("not asked for where every insert succeeds"));
  return {
    insert: async ({ rows }: InsertBlock) => {
      if (rows instanceof Uint8Array) throw new Error("the committer makes native blocks");
      blocks.push({ rows: rows.rows, atMs: clock.now() });
    },
    run: unused,
    query: unused,
    insertFrom: unused,
    close: async () => {},
  };
}

/** @param bytesMax of each row, even: what `rowBytesMax` makes of it. */
function records(count: number, bytesMax?: number): LoggedRecord[] {
  const empty = record(0, "");
  const fill = bytesMax === undefined ? 0 : (bytesMax - bytesMaxOf(empty)) / 2;
  const { value } = record(0, "x".repeat(fill));
  return Array.from({ length: count }, (_, offset) => ({ ...empty, offset, value }));
}

function record(offset: number, reason: string): LoggedRecord {
  const value = encodeBody({
    type: "answer-given",
    personKey: "0f".repeat(16),
    eventId: "late-1",
    action: "review",
    reason,
  });
  return { offset, key: "", value, header: new Uint8Array(0), appendedAtMs: START_MS };
}

function bytesMaxOf(one: LoggedRecord): number {
  return rowBytesMax({ partition: 0, month: 0, records: [one] });
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns++) await turn();
}

/** From 0; who sleeps is woken by `pass`. */
class StandingClock implements Clock {
  private nowMs = 0;
  private sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      this.sleepers.push({ untilMs: this.nowMs + ms, wake: resolve });
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  pass(ms: number): void {
    this.nowMs += ms;
    const due = this.sleepers.filter(({ untilMs }) => untilMs <= this.nowMs);
    this.sleepers = this.sleepers.filter(({ untilMs }) => untilMs > this.nowMs);
    for (const { wake } of due) wake();
  }
}
