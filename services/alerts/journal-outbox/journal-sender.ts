/**
 * Sends what the outbox of the journal holds, in its order.
 *
 * Owns: the rows' status from `pending` on.
 * Does not own: which records there are (journal-outbox.ts), storing them once (ingest and the judge, by eventId).
 *
 * 1. Rows are marked after ingest has their records: killed between the two, they are sent again, and again they are the same
 *    records. Nothing is lost, nothing counts twice.
 * 2. Where ingest does not answer, all wait, as long as it takes. A record that ingest refuses is `refused`, kept with the
 *    reason, and the next one goes.
 * 3. Of all processes on the database one sends; where it dies the next one begins.
 */

import { Kysely, sql } from "kysely";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { storableText } from "../../../platform/database/database.js";
import { roundsInTurn } from "../../../platform/database/rounds-in-turn.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { JournalIntake, PutResult } from "./journal-intake.js";
import type { JournalOutboxTable, JournalOutboxTables, JournalPath } from "./journal-outbox.js";

export interface JournalSenderOptions {
  readonly database: OpenDatabase;
  readonly intake: JournalIntake;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of one request: a record is half a kilobyte, ingest takes 500 lines. */
const TOGETHER_MAX = 100;
/** The turn that the senders of all processes take. */
export const JOURNAL_SENDING = "alerts.journal-outbox";
/** How long a record waits at most for the outbox to be looked at. */
const IDLE_MS = 200;

type PendingRecord = Pick<JournalOutboxTable, "record_id" | "path" | "body">;

export class JournalSender {
  private readonly tables: Kysely<JournalOutboxTables>;

  constructor(private readonly options: JournalSenderOptions) {
    this.tables = new Kysely<JournalOutboxTables>({ dialect: options.database.dialect });
  }

  /** Until the signal is aborted. Never rejects for an outage: it waits. */
  run(signal: AbortSignal): Promise<void> {
    const { database, clock, logger } = this.options;
    const onFailure = (error: unknown, attempt: number) =>
      logger.warn("alerts.journal-outbox-waiting", { error, attempt });
    return roundsInTurn(
      {
        database,
        turn: JOURNAL_SENDING,
        clock,
        onFailure,
        round: async () => ((await this.sendPending()) < TOGETHER_MAX ? IDLE_MS : 0),
      },
      signal,
    );
  }

  /** One round. @returns how many were settled. @throws what stands in the way of all of them. */
  async sendPending(): Promise<number> {
    const pending = await this.nextPending();
    const rows = pending.slice(0, lengthOfFirstRun(pending));
    const [first] = rows;
    if (first === undefined) return 0;
    const results = await this.put(first.path, rows);
    await this.mark(rows, results);
    for (const result of results)
      if (result.kind === "refused")
        this.options.logger.error("alerts.journal-record-refused", { path: first.path, code: result.code });
    return rows.length;
  }

  async pendingCount(): Promise<number> {
    const { count } = await this.tables
      .selectFrom("journal_outbox")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("status", "=", "pending")
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  private nextPending(): Promise<readonly PendingRecord[]> {
    return this.tables
      .selectFrom("journal_outbox")
      .select(["record_id", "path", "body"])
      .where("status", "=", "pending")
      .orderBy("place")
      .limit(TOGETHER_MAX)
      .execute();
  }

  private async put(path: JournalPath, rows: readonly PendingRecord[]): Promise<readonly PutResult[]> {
    const ids = rows.map(({ record_id }) => record_id);
    try {
      return await this.options.intake.put(
        path,
        rows.map(({ body }) => body),
      );
    } catch (error) {
      await sql`update journal_outbox set attempts = attempts + 1 where record_id = any(${ids}::text[])`.execute(
        this.tables,
      );
      throw error;
    }
  }

  private async mark(rows: readonly PendingRecord[], results: readonly PutResult[]): Promise<void> {
    const marks = rows.map(({ record_id }, i) => {
      const result = results[i]!;
      const refusal = result.kind === "refused" ? storableText(`${result.code}: ${result.reason}`) : null;
      return { record_id, status: result.kind, refusal };
    });
    await sql`
      update journal_outbox held set status = given.status, refusal = given.refusal, attempts = held.attempts + 1
      from json_to_recordset(${JSON.stringify(marks)}::text::json) as given(record_id text, status text, refusal text)
      where held.record_id = given.record_id and held.status = 'pending'`.execute(this.tables);
  }
}

/** Records for one address go together; those behind another address's wait for it. */
function lengthOfFirstRun(rows: readonly PendingRecord[]): number {
  const other = rows.findIndex(({ path }) => path !== rows[0]!.path);
  return other < 0 ? rows.length : other;
}
