/**
 * Bundles: people change rules here, and their activations get into every partition.
 *
 * Owns: the publisher, the consumers of answers, the breaker, the watch over them, their end.
 * Does not own: database and log (opened and closed by the caller, after `close()`), HTTP (rules-api.ts).
 *
 * 1. Publisher and consumers run in one process of those that share the database; people may ask any of them.
 * 2. `ended` rejects when one of them gave up; the others are stopped then. It resolves after `close()`.
 * 3. With this service away nothing changes: what was activated stays, nothing new is.
 */

import { Kysely } from "kysely";
import { backoffMs, mayPass } from "../../platform/clock/retry.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Metrics } from "../../platform/metrics/metrics.js";
import type { RulesStatus } from "../../schemas/http/rules.js";
import { Topic } from "../../schemas/topics.js";
import type { ActivationSender } from "./activation-sender.js";
import { AlarmWatch } from "./alarm-watch.js";
import { beginAnswers, followAnswers } from "./answers-consumer.js";
import { AnswersSink } from "./answers-sink.js";
import { Breaker, type LowerRules } from "./breaker.js";
import { BREAKER_LIMITS, type BreakerLimits } from "./breaker-limits.js";
import { BundlesMetrics } from "./bundles-metrics.js";
import { People } from "./people.js";
import { Publisher } from "./publisher.js";
import type { RulesRoom } from "./rules-room.js";
import { readStatus } from "./status.js";
import type { BundlesTables } from "./tables.js";

/** The turn of publishers on a database. */
const ALONE = "bundles";

export interface BundlesOptions extends Pick<RulesRoom, "clock" | "readBundle" | "guard"> {
  readonly log: EventLog;
  readonly database: OpenDatabase;
  /** The folder schemas/postgres. */
  readonly migrationsFolder: string;
  readonly sender: ActivationSender;
  /** A bundle from beside the journal, whole. @throws where it is not there; retryable where it may come. */
  readonly contentOf: (bundleHash: string) => Promise<unknown>;
  /** How the breaker lowers a rule; null where there shall be no breaker. */
  readonly lowerRules: LowerRules | null;
  /** When a rule has run away; as shipped where absent. */
  readonly breakerLimits?: BreakerLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Migrates the database, then runs until closed. @throws DatabaseError of the migrations, EventLogError. */
export async function startBundles(options: BundlesOptions): Promise<BundlesService> {
  await migrate(options.database.dialect, options.migrationsFolder);
  const partitions = await options.log.partitionCount(Topic.JOURNAL);
  const service = new BundlesService(
    { ...options, logger: options.logger.with({ service: "bundles" }) },
    partitions,
  );
  service.start();
  return service;
}

export class BundlesService {
  ended: Promise<void> = Promise.resolve();
  readonly people: People;
  readonly room: RulesRoom;
  private readonly stopping = new AbortController();
  private readonly watch: AlarmWatch;
  private readonly publisher: Publisher;
  private readonly sink: AnswersSink;
  private readonly breaker: Breaker | null;
  private readonly startedAtMs: number;

  constructor(
    private readonly options: BundlesOptions,
    private readonly partitions: number,
  ) {
    const { database, clock } = options;
    const tables = new Kysely<BundlesTables>({ dialect: database.dialect });
    const metrics = new BundlesMetrics(options.metrics);
    this.publisher = new Publisher({ ...options, tables, partitions, metrics });
    this.watch = new AlarmWatch({ ...options, metrics, status: () => this.status() });
    this.people = new People({ tables, clock });
    this.room = { ...options, tables, partitions, onActivation: () => this.publisher.wake() };
    const { lowerRules, breakerLimits: limits = BREAKER_LIMITS, logger } = options;
    const { room } = this;
    this.breaker = lowerRules === null ? null : new Breaker({ room, lowerRules, limits, logger, metrics });
    this.sink = new AnswersSink({
      tables,
      clock,
      onAnswered: () => this.publisher.wake(),
      onForeign: (sequence) => this.publisher.foreign(sequence),
      breaker: this.breaker,
    });
    this.startedAtMs = clock.now();
  }

  start(): void {
    const { signal } = this.stopping;
    this.ended = allOf([this.inTurn(signal), this.watch.run(signal)], () => this.stopping.abort());
    this.ended.catch(() => {}); // whoever awaits it is told; until then it is nobody's unhandled rejection
  }

  /** As they were found a moment ago: waits for no server. */
  get alarms(): readonly string[] {
    return this.watch.alarms;
  }

  /** @throws DatabaseError. */
  status(): Promise<RulesStatus> {
    const { publisher, startedAtMs, room, breaker } = this;
    const others = breaker?.alarms ?? [];
    return readStatus(room.tables, { publisher, startedAtMs, nowMs: room.clock.now(), others });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.ended.catch(() => {}); // `ended` says it to its own reader
  }

  /** The turn may be lost with the connection, or not be had while the database is away. */
  private async inTurn(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await database.alone(ALONE, signal, (held) => this.work(held));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!mayPass(error)) throw error;
        failures++;
        logger.warn("bundles.no-turn", { error, attempt: failures });
      }
      await clock.sleep(backoffMs(failures + 1), signal);
    }
  }

  private async work(held: AbortSignal): Promise<void> {
    const { log, clock, logger } = this.options;
    const failing = new AbortController();
    const signal = AbortSignal.any([held, failing.signal]);
    const partitions = Array.from({ length: this.partitions }, (_, partition) => partition);
    for (const partition of partitions) await beginAnswers(log, this.room.tables, partition);
    const loops = partitions.map((partition) =>
      followAnswers({ log, partition, sink: this.sink, clock, logger, signal }),
    );
    await allOf([...loops, this.publisher.run(signal)], (error) => {
      logger.error("bundles.stopped", { error });
      failing.abort();
    });
  }
}

/** The first failure stops all; it is thrown when all have ended. */
async function allOf(loops: readonly Promise<void>[], onFailure: (error: unknown) => void): Promise<void> {
  const watched = loops.map((loop) =>
    loop.catch((error: unknown) => {
      onFailure(error);
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(watched)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
