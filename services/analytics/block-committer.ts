/**
 * Writes the rows of one topic, whatever partition they come from, in blocks of a sensible size: an insert costs 4 to
 * 16 ms however small it is, so the partitions share one.
 *
 * Owns: the queue of batches, when a block is full, trying again until its rows are there.
 * Does not own: where a partition stands (`log-writer.ts`), the database.
 *
 * 1. Blocks are inserted one after the other; a batch resolves when its rows are there.
 * 2. A failed block is inserted again, same rows and same token, before anything else: there are no gaps.
 * 3. After a failure the rows are counted. ClickHouse notes a token before the rows it stands for, so the token of an
 *    insert that broke off can be known while its rows are not: then the block goes in under a new token.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { NativeBlock } from "../../platform/analytics/native-block.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { AnalyticsMetrics } from "./analytics-metrics.js";
import { type Batch, blockOf, rowBytesMax, tokenOf } from "./block.js";
import type { LogTable } from "./log-tables.js";
import { integerIn } from "./row-values.js";
import { RowWriter } from "./row-writer.js";

export interface BlockLimits {
  /** A block goes out when it has so many rows, */
  readonly rowsFull: number;
  /** or so many bytes, */
  readonly bytesFull: number;
  /** or is so old. */
  readonly waitMs: number;
}

/**
 * An insert costs 14 ms of processor time and each row 3.5 µs: at 4,000 rows the two are level. Half a second is not
 * noticed.
 */
export const BLOCK_LIMITS: BlockLimits = { rowsFull: 4000, bytesFull: 8 << 20, waitMs: 500 };
/**
 * What is waiting besides goes along up to here: at most what a block may have (bytes are counted as the most that rows
 * can take), and in truth below the 10 MiB from which on the engine makes two files of every column.
 */
const BLOCK_BYTES_STOP = 12 << 20;
const BACKOFF_MS_FIRST = 100;
const BACKOFF_MS_MAX = 15_000;

export interface CommitterOptions {
  readonly table: LogTable;
  readonly database: AnalyticsDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AnalyticsMetrics;
  readonly limits: BlockLimits;
  /** Part of every token; another one for each run. */
  readonly run: string;
  /** Aborted: what is waiting goes out at once, and nothing is tried again. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly batch: Batch;
  readonly bytesMax: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class BlockCommitter {
  private readonly queue: Waiting[] = [];
  private working = false;
  private full = new AbortController();

  /** Blocks are made one after the other. */
  private readonly rows: RowWriter;

  constructor(private readonly options: CommitterOptions) {
    this.rows = new RowWriter(options.table);
    options.signal.addEventListener("abort", () => this.full.abort(), { once: true });
  }

  /** Resolves when the rows are there. @throws the last error, if the signal was aborted meanwhile. */
  commit(batch: Batch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ batch, bytesMax: rowBytesMax(batch), resolve, reject });
      if (this.isFull()) this.full.abort();
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.queue.length > 0) {
      if (!this.isFull()) await this.options.clock.sleep(this.options.limits.waitMs, this.full.signal);
      if (!this.options.signal.aborted) this.full = new AbortController();
      await this.write(this.takeBlock());
    }
    this.working = false;
  }

  private isFull(): boolean {
    const { rowsFull, bytesFull } = this.options.limits;
    let rows = 0;
    let bytes = 0;
    for (const { batch, bytesMax } of this.queue) {
      rows += batch.records.length;
      bytes += bytesMax;
    }
    return rows >= rowsFull || bytes >= bytesFull || this.options.signal.aborted;
  }

  /** The oldest batches, as long as they are of one month and not too much. */
  private takeBlock(): readonly Waiting[] {
    const [first] = this.queue;
    let bytes = 0;
    let count = 0;
    for (const { batch, bytesMax } of this.queue) {
      if (batch.month !== first!.batch.month || (count > 0 && bytes + bytesMax > BLOCK_BYTES_STOP)) break;
      bytes += bytesMax;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async write(block: readonly Waiting[]): Promise<void> {
    const { table, clock, metrics } = this.options;
    const batches = block.map(({ batch }) => batch);
    const startedAtMs = clock.now();
    try {
      await this.insertUntilThere(batches, await blockOf(this.rows, batches));
      metrics.blockWritten(table.topic, countRows(batches), clock.now() - startedAtMs);
      for (const { resolve } of block) resolve();
    } catch (error) {
      for (const { reject } of block) reject(error);
    }
  }

  private async insertUntilThere(batches: readonly Batch[], rows: NativeBlock): Promise<void> {
    const { table, run, database } = this.options;
    let token = tokenOf(table, batches, run);
    for (let attempt = 1; ; attempt++) {
      try {
        await database.insert({ table: table.table, rows, token });
        if (attempt === 1) return;
        const present = await this.countPresent(batches);
        if (present >= countRows(batches)) return;
        token = `${tokenOf(table, batches, run)}/${attempt}`;
      } catch (error) {
        await this.backOff(error, attempt);
      }
    }
  }

  /** How many rows of the block the table holds. */
  private async countPresent(batches: readonly Batch[]): Promise<number> {
    const [row] = await this.options.database.query(
      `SELECT count() AS present FROM (SELECT DISTINCT partition, logOffset FROM ${this.options.table.table}
       ARRAY JOIN {partitions:Array(UInt16)} AS p, {firsts:Array(UInt64)} AS f, {lasts:Array(UInt64)} AS l
       WHERE partition = p AND logOffset BETWEEN f AND l)`,
      {
        partitions: batches.map(({ partition }) => partition),
        firsts: batches.map(({ records }) => records[0]!.offset),
        lasts: batches.map(({ records }) => records.at(-1)!.offset),
      },
    );
    return integerIn(row!, "present");
  }

  private async backOff(error: unknown, attempt: number): Promise<void> {
    const { table, clock, logger, metrics, signal } = this.options;
    metrics.blockFailed(table.topic);
    logger.warn("analytics.block-failed", { topic: table.topic, attempt, error });
    if (signal.aborted) throw error;
    await clock.sleep(Math.min(BACKOFF_MS_MAX, BACKOFF_MS_FIRST * 2 ** (attempt - 1)), signal);
    if (signal.aborted) throw error;
  }
}

function countRows(batches: readonly Batch[]): number {
  return batches.reduce((sum, { records }) => sum + records.length, 0);
}
