/**
 * The breaker: a rule that suddenly stops many is lowered to review, by an activation of its own, for every partition.
 *
 * Owns: what it has counted in each partition, its trips, what it is alarmed about.
 * Does not own: reading the log and its place there (answers-sink.ts), how a rule is lowered (given by the caller), getting
 * the activation into the partitions (publisher.ts).
 *
 * 1. What was counted is stored in the transaction of the place in the log, and loaded with it: killed at any point, it counts
 *    on as if nothing had happened.
 * 2. It acts only on the activation that is the last one, in the transaction that makes the next: once for each, whoever
 *    is killed; and not on what people have replaced meanwhile.
 * 3. It lowers, and never anything else. R01–R07 it only tells of.
 * 4. The first bundle that the journal shows was changed by nobody: it is counted, not judged. Every other one is held
 *    against the one before it, whoever sent it: what was published past this room and found in the journal too.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { type Activation, readStanding } from "./activation.js";
import {
  type BreakerLimits,
  isOfLossPolicies,
  type Runaway,
  runaways,
  runawayText,
} from "./breaker-limits.js";
import { BreakerWindows, type WindowsState } from "./breaker-windows.js";
import type { BundlesMetrics } from "./bundles-metrics.js";
import { judgedSwipeOf } from "./judged-swipe.js";
import { activateForBreaker } from "./publishing.js";
import { RulesRefusal } from "./refusal.js";
import type { RulesRoom } from "./rules-room.js";
import type { Trx } from "./tables.js";
import { readContent } from "./version.js";

/** The content with these rules lowered to review, in every region. */
export type LowerRules = (content: unknown, rules: readonly string[]) => unknown;

export interface BreakerOptions {
  readonly room: RulesRoom;
  readonly lowerRules: LowerRules;
  readonly limits: BreakerLimits;
  readonly logger: Logger;
  readonly metrics: BundlesMetrics;
}

export class Breaker {
  private readonly windows = new Map<number, BreakerWindows>();
  private hasNews = false;
  private isLooking = false;
  /** Activations that it has done with, for want of anything to lower or of a bundle that could be made. */
  private readonly failed = new Set<number>();
  private told: ReadonlySet<string> = new Set();

  constructor(private readonly options: BreakerOptions) {}

  /** What it only tells of. */
  alarms: readonly string[] = [];

  /** As it was stored with the place of the partition. */
  async load(partition: number): Promise<void> {
    const row = await this.options.room.tables
      .selectFrom("breaker_windows")
      .select("state")
      .where("partition", "=", partition)
      .executeTakeFirst();
    this.windows.set(partition, new BreakerWindows(row?.state));
  }

  take(partition: number, records: Iterable<LoggedRecord>): void {
    const windows = this.windows.get(partition)!;
    for (const record of records) {
      const judged = judgedSwipeOf(record);
      if (judged === null) continue;
      windows.take(judged);
      if (judged.stoppedBy.length > 0) this.hasNews = true;
    }
  }

  async save(trx: Trx, partition: number): Promise<void> {
    const state = JSON.stringify(this.windows.get(partition)!.state);
    await trx
      .insertInto("breaker_windows")
      .values({ partition, state })
      .onConflict((conflict) => conflict.column("partition").doUpdateSet({ state }))
      .execute();
  }

  /** Has a rule run away? Then it is lowered. @throws DatabaseError: asked again with the next decisions. */
  async look(): Promise<void> {
    if (!this.hasNews || this.isLooking) return;
    this.isLooking = true;
    try {
      this.hasNews = false;
      const states = [...this.windows.values()].map(({ state }) => state);
      if (this.candidates(states).length > 0 || this.alarms.length > 0) await this.act(states);
    } catch (error) {
      this.hasNews = true;
      throw error;
    } finally {
      this.isLooking = false;
    }
  }

  /** Under any bundle that a partition goes by: the database is asked only where there is something. */
  private candidates(states: readonly WindowsState[]): readonly Runaway[] {
    const hashes = new Set(states.flatMap(({ bundleHash }) => (bundleHash === null ? [] : [bundleHash])));
    return [...hashes].flatMap((hash) => runaways(states, hash, this.options.limits));
  }

  private async act(states: readonly WindowsState[]): Promise<void> {
    const { room, limits } = this.options;
    const { current } = await readStanding(room.tables);
    if (current === null) return;
    const found = runaways(states, current.bundleHash, limits);
    this.tell(found.filter(({ rule }) => isOfLossPolicies(rule)));
    const lowered = found.filter(({ rule }) => !isOfLossPolicies(rule));
    if (lowered.length > 0 && !this.failed.has(current.sequence)) await this.trip(current, lowered);
  }

  private tell(found: readonly Runaway[]): void {
    this.alarms = found.map(
      (runaway) =>
        `RULE_RUNAWAY: ${runawayText(runaway)}: it goes by loss policies and is not lowered; is a snapshot or a feed wrong?`,
    );
    const rules = new Set(found.map(({ rule }) => rule));
    for (const rule of rules)
      if (!this.told.has(rule)) this.options.logger.error("bundles.rule-runaway", { code: rule });
    this.told = rules;
  }

  private async trip(current: Activation, found: readonly Runaway[]): Promise<void> {
    const { room, lowerRules, logger, metrics } = this.options;
    const { sequence, version } = current;
    const rules = found.map(({ rule }) => rule);
    const comment = `breaker: under activation ${sequence} (version ${version}) ${found.map(runawayText).join("; ")}; lowered to review`;
    try {
      const content = lowerRules(await readContent(room.tables, current.bundleHash), rules);
      const made = await activateForBreaker(room, { content, comment, sequence });
      if (made === null) return;
      for (const rule of rules) metrics.tripped(rule);
      logger.error("bundles.breaker-tripped", { sequence: made.sequence, reason: comment });
    } catch (error) {
      if (!(error instanceof RulesRefusal)) throw error;
      this.failed.add(sequence);
      logger.error("bundles.breaker-failed", { error, sequence, reason: comment });
    }
  }
}
