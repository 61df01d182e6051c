/**
 * The analytics writer: journal and decisions of its partitions into the tables of the analytics database.
 *
 * Owns: its consumers, which partitions it works on, their state for whoever asks, lists and figures of the rows.
 * Does not own: log and database (the caller closes them, after `close`), who gets which partition (the caller).
 *
 * 1. Nothing is skipped: a consumer that fails begins again where the rows end.
 * 2. `close` lets blocks under way finish; what was not written is read again by the next run.
 * 3. A partition is one process's. Where two write one for a while (one was paused, or its last block is late), a row
 *    may lie twice until parts are merged; the views count it once, since the tables replace rows of one position.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog, ReadLimits } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import { analyticsMetrics } from "./analytics-metrics.js";
import { AssignedConsumers, type TopicWriter } from "./assigned-consumers.js";
import { BLOCK_LIMITS, BlockCommitter, type BlockLimits } from "./block-committer.js";
import { FiguresRoller, ROLL_EVERY_MS } from "./figures-roller.js";
import type { ConsumerStatus } from "./log-consumer.js";
import { LOG_TABLES, type LogTable, OUTCOMES_TABLE } from "./log-tables.js";
import { LogWriter } from "./log-writer.js";
import { migrate, readMigrations } from "./migrations.js";

export interface AnalyticsServiceOptions {
  readonly log: EventLog;
  readonly database: AnalyticsDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The folder of the numbered SQL files. */
  readonly migrationsDirectory: string;
  /** Partitions to begin with; all of them where nothing is said: then this process must be the only one. */
  readonly partitions?: readonly number[];
  readonly blockLimits?: BlockLimits;
  readonly readLimits?: ReadLimits;
  readonly handoverMs?: number;
  /** How often lists and figures are brought up to date. */
  readonly rollEveryMs?: number;
}

/**
 * 4 MiB and 4,000 records make a block of at most 11 MiB (block.ts), so that one read of one partition is a full block;
 * the wait bounds how long `close` takes.
 */
export const READ_LIMITS: ReadLimits = { recordsMax: 4000, bytesMax: 4 << 20, waitMs: 250 };
/** The last block of who had a partition before: it waits half a second for others, and is then written. */
export const HANDOVER_MS = 2000;

export interface AnalyticsService {
  /**
   * Works on these partitions and no others, from where their rows end. Resolves when what was given away is written
   * and what was taken is under way (a database that is away is waited for), or when a later call has replaced it.
   */
  assign(partitions: readonly number[]): Promise<void>;
  status(): Promise<readonly ConsumerStatus[]>;
  /** Stops the consumers and waits for them. Idempotent. */
  close(): Promise<void>;
}

/** Brings the tables up to date and starts. @throws MigrationError, AnalyticsError, EventLogError. */
export async function startAnalyticsService(options: AnalyticsServiceOptions): Promise<AnalyticsService> {
  const { database, clock, logger, log, migrationsDirectory } = options;
  const applied = await migrate(database, await readMigrations(migrationsDirectory), () => clock.now());
  if (applied.length > 0) logger.info("analytics.migrated", { count: applied.length });
  const stopping = new AbortController();
  const metrics = analyticsMetrics(options.metrics);
  const topics = await Promise.all(
    LOG_TABLES.map((table) => topicWriter({ ...options, table, metrics, signal: stopping.signal })),
  );
  const readLimits = options.readLimits ?? READ_LIMITS;
  const handoverMs = options.handoverMs ?? HANDOVER_MS;
  const consumers = new AssignedConsumers({ log, clock, logger, metrics, topics, readLimits, handoverMs });
  consumers.begin(options.partitions ?? (await allPartitions(log)));
  const outcomes = topics.find(({ table }) => table === OUTCOMES_TABLE)!.writer;
  const roller = new FiguresRoller({
    ...{ database, clock, logger, metrics },
    standing: () => rowsEnd(consumers.partitions, outcomes),
    everyMs: options.rollEveryMs ?? ROLL_EVERY_MS,
    signal: stopping.signal,
  });
  const rolling = roller.run();
  return {
    assign: (partitions) => consumers.assign(partitions),
    status: async () => (await consumers.status()).map((status) => withFigures(status, roller)),
    close: async () => {
      stopping.abort();
      await consumers.close();
      await rolling;
    },
  };
}

/** Outcomes count as stored when lists and figures have them too. */
function withFigures(status: ConsumerStatus, roller: FiguresRoller): ConsumerStatus {
  if (status.topic !== OUTCOMES_TABLE.topic) return status;
  const doneTo = Math.min(status.nextOffset, roller.countedTo(status.partition) ?? 0);
  const lag = status.lag === null ? null : status.lag + status.nextOffset - doneTo;
  return { ...status, doneTo, lag };
}

/** Of each partition that has rows, the offset behind the last. */
async function rowsEnd(
  partitions: readonly number[],
  outcomes: LogWriter,
): Promise<ReadonlyMap<number, number>> {
  const ends = new Map<number, number>();
  for (const partition of partitions) {
    const progress = await outcomes.progress(partition);
    if (progress !== null) ends.set(partition, progress.nextOffset);
  }
  return ends;
}

type TopicOptions = Omit<AnalyticsServiceOptions, "metrics"> &
  Pick<ConstructorParameters<typeof BlockCommitter>[0], "metrics" | "table" | "signal">;

async function topicWriter({ table, ...options }: TopicOptions): Promise<TopicWriter> {
  const { database, clock } = options;
  const limits = options.blockLimits ?? BLOCK_LIMITS;
  const committer = new BlockCommitter({ ...options, table, limits, run: clock.now().toString(36) });
  return { table, writer: await LogWriter.open(database, table, committer) };
}

/** Of a journal and its decisions log there are equally many. */
async function allPartitions(log: EventLog): Promise<readonly number[]> {
  const counts = await Promise.all(LOG_TABLES.map(({ topic }: LogTable) => log.partitionCount(topic)));
  return Array.from({ length: Math.max(...counts) }, (_, partition) => partition);
}
