/**
 * What the consumer of kadun.decisions makes of a batch, in one transaction with where it stands.
 *
 * Owns: the transaction; which outcomes of a batch are new to the database.
 * Does not own: what becomes of an outcome (alert.ts, sms-draft.ts, sms-guard.ts), the order between partitions
 * (merge-order.ts), sending (sms-sender.ts).
 *
 * 1. Progress is locked first and decides: a second consumer of the partition waits and then finds nothing new.
 * 2. Tables that were emptied under a running consumer (a rebuild) are read again from their beginning, not from where it stood.
 * 3. Everything written carries an id that follows from the outcome; what exists stays as it is. Reading the log anew
 *    into empty tables gives the same rows, and no SMS that the ledger holds is made again.
 */

import { Kysely, sql, type Transaction } from "kysely";
import { crc32c } from "../../platform/checksum/crc32c.js";
import type { Clock } from "../../platform/clock/clock.js";
import { DatabaseError, type OpenDatabase, storableText } from "../../platform/database/database.js";
import { insertMissing } from "../../platform/database/insert-rows.js";
import type { ConsumerSink, MarkedRecord, Progress } from "../../platform/event-log/consume-once.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import { formatInstant } from "../../schemas/instant.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { isAbove, type OutcomePosition } from "../../schemas/topics.js";
import { type Correction, planAlerts, SwipesKnown, swipesWanted } from "./alert.js";
import { alertsProgress } from "./alerts-progress.js";
import { CARD_REPORT_COLUMNS, cardReportRows } from "./card-reports/card-report-row.js";
import { openCases, recount } from "./cases/open-cases.js";
import { undoneSwipeOf } from "./judged-swipe.js";
import { MergeOrder, moveRow } from "./merge-order.js";
import { type PlacedOutcome, smsDraftOf } from "./sms/sms-draft.js";
import type { GuardOptions } from "./sms/sms-guard.js";
import { insertSms } from "./sms/sms-ledger.js";
import {
  ALERT_COLUMNS,
  type AlertsTables,
  JUDGED_SWIPE_COLUMNS,
  type JudgedSwipeRow,
  PERSON_LINK_COLUMNS,
  PERSON_MOVE_COLUMNS,
  type PersonLinkRow,
  type PersonMoveRow,
  UNDONE_SWIPE_COLUMNS,
} from "./tables.js";

export interface AlertsSinkOptions extends GuardOptions {
  readonly database: OpenDatabase;
  readonly log: Pick<EventLog, "bounds" | "partitionCount">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly placeOf: (region: string) => string;
  /** After a commit: rows that came to be. */
  readonly onApplied: (made: AppliedRows) => void;
}

export interface AppliedRows {
  readonly alerts: number;
  readonly cases: number;
  readonly smsQueued: number;
  readonly smsSuppressed: number;
}

type Trx = Transaction<AlertsTables>;

export class AlertsSink implements ConsumerSink<OutcomePosition> {
  private readonly database: Kysely<AlertsTables>;
  private readonly order: MergeOrder;
  /** Where this sink left each partition. */
  private readonly stands = new Map<number, number>();

  constructor(private readonly options: AlertsSinkOptions) {
    this.database = new Kysely<AlertsTables>({ dialect: options.database.dialect });
    this.order = new MergeOrder({ ...options, database: this.database });
  }

  async progress(partition: number): Promise<Progress<OutcomePosition> | null> {
    const stored = await alertsProgress.stored(this.database, partition);
    this.stands.set(partition, stored?.nextOffset ?? 0);
    return stored;
  }

  applicable(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    signal: AbortSignal,
  ): Promise<number> {
    return this.order.applicable(partition, records, signal);
  }

  async apply(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    progress: Progress<OutcomePosition>,
  ): Promise<void> {
    const placed = records.map(placedOutcome);
    const made = await this.database.transaction().execute(async (trx) => {
      const stored = await alertsProgress.lock(trx, partition);
      if ((stored?.nextOffset ?? 0) < (this.stands.get(partition) ?? 0)) throw wentBack(partition);
      const fresh = placed.filter(({ position }) => isAbove(position, stored?.highWater ?? null));
      const rows = await this.write(trx, fresh);
      if (stored === null || progress.nextOffset > stored.nextOffset)
        await alertsProgress.store(trx, partition, progress);
      return rows;
    });
    this.stands.set(partition, progress.nextOffset);
    this.options.onApplied(made);
  }

  private async write(trx: Trx, placed: readonly PlacedOutcome[]): Promise<AppliedRows> {
    const outcomes = placed.map(({ outcome }) => outcome);
    const known = new SwipesKnown(await storedSwipes(trx, swipesWanted(outcomes)), outcomes);
    const plan = planAlerts(outcomes, known);
    await insertMissing(trx, "judged_swipes", JUDGED_SWIPE_COLUMNS, plan.swipes);
    await insertMissing(trx, "undone_swipes", UNDONE_SWIPE_COLUMNS, outcomes.flatMap(undoneSwipeOf));
    await insertMissing(trx, "person_links", PERSON_LINK_COLUMNS, outcomes.flatMap(personLinkOf));
    await insertMissing(trx, "person_moves", PERSON_MOVE_COLUMNS, outcomes.flatMap(personMoveOf));
    await insertMissing(trx, "card_reports", CARD_REPORT_COLUMNS, placed.flatMap(cardReportRows));
    const corrected = await correctStored(trx, plan.corrections);
    const positions = alertPositions(placed);
    const { caseOf, opened } = await openCases(
      trx,
      plan.alerts.map((alert) => ({
        alert,
        position: positions.get(alert.alert_id)!,
        insuredRegion: known.get(alert.decision_id)?.insured_region ?? "",
      })),
    );
    const alerts = plan.alerts.map((alert) => ({ ...alert, case_id: caseOf.get(alert.alert_id)! }));
    const added = await insertMissing(trx, "alerts", ALERT_COLUMNS, alerts);
    await recount(trx, [...new Set([...corrected, ...caseOf.values()])]);
    return { alerts: added, cases: opened, ...(await this.writeSms(trx, placed, { known, caseOf })) };
  }

  private async writeSms(
    trx: Trx,
    placed: readonly PlacedOutcome[],
    { known, caseOf }: { readonly known: SwipesKnown; readonly caseOf: ReadonlyMap<string, string> },
  ) {
    const { placeOf } = this.options;
    const drafts = placed.flatMap((one) => smsDraftOf(one, { known, placeOf }) ?? []);
    return insertSms(trx, drafts, { caseOf, guard: this.options });
  }
}

/** The consumer begins again from what is stored. */
function wentBack(partition: number): DatabaseError {
  return new DatabaseError(
    "QUERY_FAILED",
    `alerts, partition ${partition}: the database stands behind what was applied: its tables were emptied; they are made again from the log`,
    { retryable: true },
  );
}

function personLinkOf(outcome: LoggedOutcome): readonly PersonLinkRow[] {
  if (outcome.type !== "person-merged") return [];
  const { formerPersonKey, personKey, eventId } = outcome;
  return [{ former_person_key: formerPersonKey, person_key: personKey, event_id: eventId }];
}

function personMoveOf(outcome: LoggedOutcome): readonly PersonMoveRow[] {
  return outcome.type === "person-moved" ? [moveRow(outcome.personKey, outcome.eventId)] : [];
}

function placedOutcome({ record, mark }: MarkedRecord<OutcomePosition>): PlacedOutcome {
  return {
    outcome: decodeOutcomeBody(record.value, crc32c),
    position: mark,
    appendedAtMs: record.appendedAtMs,
  };
}

/** Of decisions and revisions, by the id that their alert would have. */
function alertPositions(placed: readonly PlacedOutcome[]): ReadonlyMap<string, OutcomePosition> {
  const positions = new Map<string, OutcomePosition>();
  for (const { outcome, position } of placed) {
    if (outcome.type === "decision") positions.set(storableText(outcome.decisionId), position);
    else if (outcome.type === "revision") positions.set(storableText(outcome.revisionId), position);
  }
  return positions;
}

// what the database knows --------------------------------------------------------------------------------

async function storedSwipes(trx: Trx, decisionIds: readonly string[]): Promise<readonly JudgedSwipeRow[]> {
  if (decisionIds.length === 0) return [];
  const rows = await trx
    .selectFrom("judged_swipes")
    .selectAll()
    .where("decision_id", "=", sql<string>`any(${decisionIds}::text[])`)
    .execute();
  return rows.map((row) => ({ ...row, occurred_at: formatInstant(row.occurred_at.getTime()) }));
}

/** @returns the cases whose alerts changed. */
async function correctStored(trx: Trx, corrections: readonly Correction[]): Promise<readonly string[]> {
  if (corrections.length === 0) return [];
  const { rows } = await sql<{ case_id: string }>`
    update alerts set state = given.state, corrected_by = given.corrected_by
    from jsonb_to_recordset(${JSON.stringify(corrections)}::text::jsonb)
      as given(decision_id text, ordinal integer, state text, corrected_by text)
    where alerts.decision_id = given.decision_id and alerts.ordinal < given.ordinal and alerts.state = 'standing'
    returning case_id`.execute(trx);
  return rows.map(({ case_id }) => case_id);
}
