/**
 * Looks for what time alone brings: missed deadlines, ends of terms, files of papers that are not made yet.
 *
 * 1. A missed deadline is written down once, with the SMS to the holder in the same transaction
 *    where it was the office's. One that moved (a pause) is
 *    another.
 * 2. A decision for whose reconsideration nobody asked in time is closed.
 * 3. The office's next day stands in the appeal's row as the deadlines in force have it.
 * 4. Of all processes on the database one looks; where it dies the next one begins.
 */

import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../../platform/clock/clock.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { AppealState } from "../../../schemas/appeal.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type Appeal, appealOf, type PlacedEvent } from "./appeal.js";
import type { AppealChanges } from "./appeal-changes.js";
import { type Deadline, isMissed, runningDeadlines } from "./appeal-deadlines.js";
import type { AppealPapers } from "./appeal-papers.js";
import { eventsByAppeal } from "./appeal-store.js";
import { type OfficeDue, officeDueOf } from "./office-due.js";

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

interface WatchedAppeal {
  readonly appealId: string;
  readonly events: readonly PlacedEvent[];
  /** As its row has it. */
  readonly kept: OfficeDue;
}

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
    let [found, failure]: [number, { readonly error: unknown } | null] = [0, null];
    for (let after = ""; ; ) {
      // Before events are read: one that is not among them came later, so what was due by then is missed.
      const nowMs = this.options.clock.now();
      const page = await this.pageAfter(after);
      for (const watched of page)
        try {
          found += await this.watchOne(watched, nowMs);
        } catch (error) {
          failure ??= { error };
        }
      if (page.length < PAGE) break;
      after = page.at(-1)!.appealId;
    }
    if (failure !== null) throw failure.error;
    return found;
  }

  private async pageAfter(appealId: string): Promise<readonly WatchedAppeal[]> {
    const { tables } = this.options.changes;
    const rows = await tables
      .selectFrom("appeals")
      .select(["appeal_id", "office_due_at", "office_due_kind"])
      .where("state", "in", WATCHED)
      .where("appeal_id", ">", appealId)
      .orderBy("appeal_id")
      .limit(PAGE)
      .execute();
    const events = await eventsByAppeal(
      tables,
      rows.map(({ appeal_id }) => appeal_id),
    );
    return rows.map(({ appeal_id, office_due_at, office_due_kind }) => ({
      appealId: appeal_id,
      events: events.get(appeal_id) ?? [],
      kept: { office_due_at: office_due_at && formatInstant(office_due_at.getTime()), office_due_kind },
    }));
  }

  private async watchOne({ appealId, events, kept }: WatchedAppeal, nowMs: number): Promise<number> {
    const { changes } = this.options;
    const appeal = appealOf(events);
    const running = runningDeadlines(events, { ...changes.options, earliestSwipeAt: null });
    await this.keepOfficeDue({ appealId, version: appeal.version, kept }, officeDueOf(running));
    const missed = running.filter((deadline) => isMissed(deadline, nowMs));
    if (missed.some(({ kind }) => kind === "reconsideration"))
      await changes.change({
        ...{ appealId, personKey: null, actor: "kadun", version: appeal.version },
        command: { type: "close" },
      });
    let found = 0;
    for (const deadline of missed.filter(({ kind }) => ESCALATED.includes(kind)))
      if (await this.escalate(appealId, appeal, deadline, nowMs)) found++;
    return found;
  }

  /** Written with each event; it is another where deadlines or the calendar changed, or the event is of before it was kept. */
  private async keepOfficeDue(
    { appealId, version, kept }: Pick<WatchedAppeal, "appealId" | "kept"> & { readonly version: number },
    due: OfficeDue,
  ): Promise<void> {
    if (isDeepStrictEqual(kept, due)) return;
    await this.options.changes.tables
      .updateTable("appeals")
      .set(due)
      .where("appeal_id", "=", appealId)
      // What changed meanwhile has its own.
      .where("version", "=", version)
      .execute();
  }

  private escalate(
    appealId: string,
    { personKey, caseId }: Appeal,
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
          personKey,
          caseId,
          situation: "appeal-delayed",
          dueMs,
          atMs: nowMs,
        });
      return true;
    });
  }
}
