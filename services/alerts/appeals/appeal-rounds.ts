/**
 * Looks for what time alone brings: missed deadlines, ends of terms, files of papers that are not made yet.
 *
 * 1. A missed deadline is written down once, with the SMS to the holder in the same transaction
 *    where it was the office's. One that moved (a pause) is
 *    another.
 * 2. A decision for whose reconsideration nobody asked in time is closed.
 * 3. Of all processes on the database one looks; where it dies the next one begins.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { AppealState } from "../../../schemas/appeal.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AppealChanges } from "./appeal-changes.js";
import { type Deadline, isMissed, runningDeadlines } from "./appeal-deadlines.js";
import type { AppealPapers } from "./appeal-papers.js";
import { type StoredAppeal, storedAppeal } from "./appeal-store.js";
import { groundOf } from "./appeal-view.js";

/** The turn that all processes take. */
export const APPEAL_ROUNDS = "alerts.appeals";
/** Deadlines are days; a paper is looked for with the next look. */
const LOOK_EACH_MS = 2_000;
/** Deadlines end at midnight: once a minute is soon enough. */
const DEADLINES_EACH_MS = 60_000;
const PAGE = 200;
/** Where something can be missed that somebody has to be told of. A draft, a lawsuit are the holder's own business. */
const WATCHED: readonly AppealState[] = [
  "submitted",
  "returned-for-more",
  "first-review",
  "second-review",
  "investigation",
  "decided",
  "reconsideration",
];
const ESCALATED: readonly Deadline["kind"][] = [
  "acknowledge",
  "first-review",
  "second-review",
  "investigation",
  "decision",
  "supplement",
  "reconsider",
];

export interface AppealRoundsOptions {
  readonly changes: AppealChanges;
  readonly papers: AppealPapers;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class AppealRounds {
  private lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: AppealRoundsOptions) {}

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.options;
    const { database } = this.options.changes.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("alerts.appeals-waiting", { error, attempt });
    return roundsInTurn(
      { database, turn: APPEAL_ROUNDS, clock, onFailure, round: () => this.look() },
      signal,
    );
  }

  private async look(): Promise<number> {
    const { clock, papers } = this.options;
    // First: a paper that cannot be made is no reason to miss a deadline.
    if (clock.now() - this.lookedAtMs >= DEADLINES_EACH_MS) {
      await this.watch();
      this.lookedAtMs = clock.now();
    }
    await papers.makeMissing();
    return LOOK_EACH_MS;
  }

  /** One look at all deadlines. @returns how many were found missed now. @throws what stood in the way of one, after all. */
  async watch(): Promise<number> {
    const { tables } = this.options.changes;
    let [found, failure]: [number, { readonly error: unknown } | null] = [0, null];
    for (let after = ""; ; ) {
      const page = await tables
        .selectFrom("appeals")
        .select("appeal_id")
        .where("state", "in", WATCHED)
        .where("appeal_id", ">", after)
        .orderBy("appeal_id")
        .limit(PAGE)
        .execute();
      for (const { appeal_id } of page)
        try {
          found += await this.watchOne(appeal_id);
        } catch (error) {
          failure ??= { error };
        }
      if (page.length < PAGE) break;
      after = page.at(-1)!.appeal_id;
    }
    if (failure !== null) throw failure.error;
    return found;
  }

  private async watchOne(appealId: string): Promise<number> {
    const { changes, clock } = this.options;
    const { tables, options } = changes;
    const stored = await storedAppeal(tables, appealId);
    if (stored === null) return 0;
    const nowMs = clock.now();
    const deadlines = runningDeadlines(stored.events, {
      ...options,
      ...(await groundOf(tables, stored, options)),
    });
    const missed = deadlines.filter((deadline) => isMissed(deadline, nowMs));
    if (missed.some(({ kind }) => kind === "reconsideration"))
      await changes.change({
        appealId,
        personKey: null,
        actor: "kadun",
        version: stored.appeal.version,
        command: { type: "close" },
      });
    let found = 0;
    for (const deadline of missed.filter(({ kind }) => ESCALATED.includes(kind)))
      if (await this.escalate(stored, deadline, nowMs)) found++;
    return found;
  }

  private escalate(
    { appealId, appeal }: StoredAppeal,
    { kind, whose, dueMs, isUncertain }: Deadline,
    nowMs: number,
  ): Promise<boolean> {
    const { changes } = this.options;
    return changes.tables.transaction().execute(async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto("appeal_escalations")
        .values({
          appeal_id: appealId,
          kind,
          due_at: formatInstant(dueMs),
          whose,
          is_uncertain: isUncertain,
          found_at: formatInstant(nowMs),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      // What the holder missed the office is told, by its list; the holder was reminded before.
      if (whose === "office")
        await changes.options.notify(trx, {
          noticeId: `${appealId}-late-${kind}-${dueMs}`,
          personKey: appeal.personKey,
          caseId: appeal.caseId,
          situation: "appeal-delayed",
          dueMs,
          atMs: nowMs,
        });
      return true;
    });
  }
}
