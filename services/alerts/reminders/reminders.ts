/**
 * Reminds cardholders, round by round: plans what new reports bring with them, sends what is due.
 *
 * Owns: the rows of `reminders`, which reports are planned.
 * Does not own: which reminders there are (reminder-plan.ts), the reports (alerts-sink.ts), the SMS (sms/).
 *
 * 1. A reminder is sent in the transaction that marks it, under its own id: once, however often the process is killed and
 *    whatever is rebuilt.
 * 2. Before it is sent its reason is looked at again: what ended meanwhile is cancelled, what nobody needs any more is stale.
 * 3. Nobody is reminded by half of the facts: no round while tables are made again or the log of before is being read.
 * 4. Of all processes on the database one reminds; where it dies the next one begins.
 */

import { Kysely, sql, type Transaction } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { SmsTemplatesFile } from "../../../schemas/sms-templates.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import { isRebuildMarked } from "../empty-tables.js";
import { enqueueSms } from "../sms/enqueue-sms.js";
import type { AlertsTables } from "../tables.js";
import { remindersOfPerson } from "./person-reminders.js";
import { deadlineReminders, type HolderDeadline, type Reminder } from "./reminder-plan.js";
import { REMINDER_COLUMNS, type ReminderStatus } from "./reminder-tables.js";

export interface RemindersOptions {
  readonly database: OpenDatabase;
  readonly calendar: WorkingCalendar;
  readonly templates: SmsTemplatesFile;
  /** Everything that lay in the log when the process began is applied. */
  readonly isCaughtUp: () => boolean;
  /** Deadlines of appeals that are the holders' own and still open. */
  readonly deadlines: () => Promise<readonly HolderDeadline[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Round {
  /** Persons whose reports were looked at. */
  readonly planned: number;
  readonly sent: number;
  readonly cancelled: number;
  readonly stale: number;
}

/** Of one transaction each; a person is three statements. */
const PERSONS_MAX = 100;
const DUE_MAX = 100;
/** The turn that the reminders of all processes take. */
export const REMINDING = "alerts.reminders";
/** Reminders are by the hour; half a minute is nobody's loss. */
const IDLE_MS = 30_000;
/** Deadlines are days; every open appeal is read for them. */
const DEADLINES_EACH_MS = 600_000;

type Trx = Transaction<AlertsTables>;

export class Reminders {
  private readonly tables: Kysely<AlertsTables>;
  private deadlinesAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RemindersOptions) {
    this.tables = new Kysely<AlertsTables>({ dialect: options.database.dialect });
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("alerts.reminders-waiting", { error, attempt });
    return roundsInTurn(
      {
        database,
        turn: REMINDING,
        clock,
        onFailure,
        round: async () => ((await this.isFullRound()) ? 0 : IDLE_MS),
      },
      signal,
    );
  }

  private async isFullRound(): Promise<boolean> {
    const { planned, sent, cancelled, stale } = await this.round();
    return planned === PERSONS_MAX || sent + cancelled + stale === DUE_MAX;
  }

  /** @throws DatabaseError, and what `deadlines` throws. */
  async round(): Promise<Round> {
    if (!this.options.isCaughtUp() || (await isRebuildMarked(this.tables))) return NOTHING;
    const deadlines = await this.freshDeadlines();
    await this.planDeadlines(deadlines ?? []);
    const planned = await this.planPersons();
    return { planned, ...(await this.sendDue(deadlines)) };
  }

  // planning -------------------------------------------------------------------------------------------

  private planPersons(): Promise<number> {
    return this.tables.transaction().execute(async (trx) => {
      // A ring of keys counts once for each of them, which changes nothing.
      const persons = await trx
        .selectFrom("card_reports")
        .distinct()
        .select("person_key")
        .where("is_planned", "=", false)
        .limit(PERSONS_MAX)
        .execute();
      for (const { person_key } of persons) await this.planPerson(trx, person_key);
      return persons.length;
    });
  }

  /** Reports that come while this runs are planned in the next round: only what was read is marked. */
  private async planPerson(trx: Trx, personKey: string): Promise<void> {
    const { keys, reminders, lastPlace } = await remindersOfPerson(trx, personKey, this.facts());
    await insertReminders(trx, reminders);
    const ids = reminders.map(({ reminderId }) => reminderId);
    await sql`
      update reminders set status = 'cancelled', settled_at = ${this.now()}
      where person_key = any(${keys}::text[]) and status = 'planned' and kind <> 'appeal-deadline'
        and reminder_id <> all(${ids}::text[])`.execute(trx);
    await sql`
      update card_reports set is_planned = true
      where person_key = ${personKey} and not is_planned
        and (journal_offset, sequence) <= (${lastPlace.journalOffset}, ${lastPlace.sequence})`.execute(trx);
  }

  /** null between two looks, unless one of them is to be told now: then as they are now. */
  private async freshDeadlines(): Promise<readonly HolderDeadline[] | null> {
    const nowMs = this.options.clock.now();
    const isLook = nowMs - this.deadlinesAtMs >= DEADLINES_EACH_MS;
    if (!isLook && !(await this.isDeadlineDue(nowMs))) return null;
    const deadlines = await this.options.deadlines();
    this.deadlinesAtMs = nowMs;
    return deadlines;
  }

  private async isDeadlineDue(nowMs: number): Promise<boolean> {
    const row = await this.tables
      .selectFrom("reminders")
      .select("reminder_id")
      .where("status", "=", "planned")
      .where("kind", "=", "appeal-deadline")
      .where("due_at", "<=", new Date(nowMs))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  private planDeadlines(deadlines: readonly HolderDeadline[]): Promise<void> {
    const { calendar, clock } = this.options;
    const reminders = deadlines
      .flatMap((deadline) => deadlineReminders(deadline, calendar))
      .filter(({ usefulUntilMs }) => usefulUntilMs > clock.now());
    return this.tables.transaction().execute((trx) => insertReminders(trx, reminders));
  }

  // sending --------------------------------------------------------------------------------------------

  /** @param deadlines null: they were not looked at, and none of them is told. */
  private sendDue(deadlines: readonly HolderDeadline[] | null): Promise<Omit<Round, "planned">> {
    return this.tables.transaction().execute(async (trx) => {
      const query = trx
        .selectFrom("reminders")
        .select(["reminder_id", "person_key", "kind", "useful_until"])
        .where("status", "=", "planned")
        .where("due_at", "<=", new Date(this.options.clock.now()))
        .orderBy("due_at")
        .orderBy("reminder_id")
        .limit(DUE_MAX)
        .forUpdate()
        .skipLocked();
      const due = await (deadlines === null ? query.where("kind", "<>", "appeal-deadline") : query).execute();
      const counts = { sent: 0, cancelled: 0, stale: 0 };
      for (const row of due) {
        const found = await this.stillDue(trx, row, deadlines ?? []);
        const status = await this.settle(trx, row, found);
        counts[status]++;
      }
      return counts;
    });
  }

  /** @returns null where its reason went away. */
  private async stillDue(
    trx: Trx,
    { reminder_id, person_key, kind }: { reminder_id: string; person_key: string; kind: string },
    deadlines: readonly HolderDeadline[],
  ): Promise<Reminder | null> {
    const reminders =
      kind === "appeal-deadline"
        ? deadlines.flatMap((deadline) => deadlineReminders(deadline, this.options.calendar))
        : (await remindersOfPerson(trx, person_key, this.facts())).reminders;
    return reminders.find(({ reminderId }) => reminderId === reminder_id) ?? null;
  }

  private async settle(
    trx: Trx,
    row: { readonly reminder_id: string; readonly useful_until: Date },
    reminder: Reminder | null,
  ): Promise<Exclude<ReminderStatus, "planned">> {
    const nowMs = this.options.clock.now();
    const status = reminder === null ? "cancelled" : row.useful_until.getTime() <= nowMs ? "stale" : "sent";
    if (reminder !== null && status === "sent") {
      const { reminderId, personKey, situation, values, severity } = reminder;
      const order = { smsId: reminderId, personKey, situation, values, createdAtMs: nowMs, severity };
      await enqueueSms(trx, order, this.options.templates);
    }
    await trx
      .updateTable("reminders")
      .set({ status, settled_at: this.now() })
      .where("reminder_id", "=", row.reminder_id)
      .execute();
    return status;
  }

  private facts() {
    return { calendar: this.options.calendar, atMs: this.options.clock.now() };
  }

  private now(): string {
    return formatInstant(this.options.clock.now());
  }
}

const NOTHING: Round = { planned: 0, sent: 0, cancelled: 0, stale: 0 };

async function insertReminders(trx: Trx, reminders: readonly Reminder[]): Promise<void> {
  const rows = reminders.map(({ reminderId, personKey, kind, dueAtMs, usefulUntilMs }) => ({
    reminder_id: reminderId,
    person_key: personKey,
    kind,
    due_at: formatInstant(dueAtMs),
    useful_until: formatInstant(usefulUntilMs),
  }));
  await insertMissing(trx, "reminders", REMINDER_COLUMNS, rows);
}
