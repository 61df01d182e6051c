/**
 * Patrols: each minute they ask the analysts' rows about institutions, terminals, operators, agents, trace codes and decoys,
 * and raise reviews. They decide no swipe, and a replay knows nothing of them.
 *
 * Owns: when rounds run, one at a time over all processes.
 * Does not own: both databases (opened and closed by the caller, after `close()`), migrations (the services whose tables
 * these are), what a round does (patrol-round.ts).
 *
 * 1. Rounds do not overlap: one that takes longer than its minute lets the minutes it covered pass.
 * 2. A round that cannot begin (a database is away) is tried again in the next minute; patrols never end the process.
 */

import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Metrics } from "../../../platform/metrics/metrics.js";
import type { PatrolsFile } from "../../../schemas/patrols.js";
import { type FindingPage, readFindings } from "./findings-page.js";
import { FindingsStore } from "./findings-store.js";
import { PatrolMetrics } from "./patrol-metrics.js";
import { settingsProblems } from "./patrol-parameters.js";
import { type RoundOptions, type RunReport, runRound } from "./patrol-round.js";
import { readPatrolQueries } from "./patrol-sql.js";

export const ROUND_EVERY_MS = 60_000;
/** Rounds of a patrol far behind follow each other without a pause for this long. */
const CATCH_UP_MS = 30_000;
/** Who has the turn patrols; names the lock in the database. */
export const PATROLLING = "patrols";

export interface PatrolServiceOptions {
  readonly analytics: AnalyticsDatabase;
  readonly database: OpenDatabase;
  /** Of the journal. */
  readonly partitions: number;
  /** services/alerts/patrol/sql of the package. */
  readonly sqlFolder: string;
  readonly settings: PatrolsFile;
  readonly decoyCards: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface PatrolService {
  /** A round now, after the one under way, by this process only. */
  runNow(): Promise<readonly RunReport[]>;
  /** The latest findings. */
  findings(): Promise<FindingPage>;
  /** After the round under way. Idempotent. */
  close(): Promise<void>;
}

/** @throws Error where settings or SQL files are wrong. */
export function startPatrols(options: PatrolServiceOptions): PatrolService {
  const problems = settingsProblems(options.settings);
  if (problems.length > 0) throw new Error(`patrols: ${problems.join("; ")}`);
  const service = new RunningPatrols(options);
  service.start();
  return service;
}

class RunningPatrols implements PatrolService {
  private readonly stopping = new AbortController();
  private readonly round: RoundOptions;
  private readonly store: FindingsStore;
  private last: Promise<unknown> = Promise.resolve();
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: PatrolServiceOptions) {
    this.store = new FindingsStore(options.database);
    this.round = {
      ...options,
      store: this.store,
      queries: readPatrolQueries(options.sqlFolder),
      logger: options.logger.with({ service: "patrols" }),
      metrics: new PatrolMetrics(options.metrics),
    };
  }

  start(): void {
    this.loop = this.runForever();
  }

  runNow(): Promise<readonly RunReport[]> {
    return this.inTurn(() => runRound(this.round, this.stopping.signal));
  }

  findings(): Promise<FindingPage> {
    return readFindings(this.store.database);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await this.last;
  }

  private async runForever(): Promise<void> {
    const { database, clock } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      // Until the turn is lost or all ends; other processes wait here meanwhile.
      await database
        .alone(PATROLLING, signal, (held) => this.eachMinute(held))
        .catch((error: unknown) => this.round.logger.warn("patrol.no-turn", { error }));
      await clock.sleep(ROUND_EVERY_MS, signal);
    }
  }

  private async eachMinute(held: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (!held.aborted) {
      const beganAtMs = clock.now();
      await this.catchUp(held, beganAtMs);
      const passed = clock.now() - beganAtMs;
      await clock.sleep(ROUND_EVERY_MS - (passed % ROUND_EVERY_MS), held);
    }
  }

  private async catchUp(held: AbortSignal, beganAtMs: number): Promise<void> {
    const { clock } = this.options;
    let isBehind = true;
    while (isBehind && !held.aborted && clock.now() - beganAtMs < CATCH_UP_MS)
      isBehind = await this.inTurn(() => runRound(this.round, held)).then(
        (reports) => reports.some(({ result, behindRecords }) => result === "done" && behindRecords > 0),
        (error: unknown) => {
          this.round.logger.warn("patrol.no-round", { error });
          return false;
        },
      );
  }

  /** One round at a time. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => {});
    return result;
  }
}
