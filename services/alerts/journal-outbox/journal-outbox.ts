/**
 * The outbox of the journal: records that people's work makes (feedback, what a cardholder said), kept in the transaction of
 * the work itself until ingest has them.
 *
 * Owns: `journal_outbox`, into which a record is written here.
 * Does not own: sending (journal-sender.ts), what a record says (whoever enqueues it).
 *
 * 1. What is rolled back is never sent; what is committed is sent, however often the process is killed.
 * 2. A record has its name from what it tells of: enqueued again it is the one that is there. Sent again it is the same
 *    record to ingest, which changes nothing.
 * 3. Records are sent in the order in which they were enqueued. Of transactions that ran side by side there is none.
 * 4. Nothing in it names a person: person keys are tokens.
 */

import { hash } from "node:crypto";
import type { Transaction } from "kysely";
import { storableText } from "../../../platform/database/database.js";

/** What the outbox may send to. */
export const JOURNAL_PATHS = ["/v1/feedback", "/v1/holder-records"] as const;
export type JournalPath = (typeof JOURNAL_PATHS)[number];

export type OutboxStatus = "pending" | "stored" | "refused";

export interface JournalOutboxTable {
  record_id: string;
  /** Given by the database. */
  place: number;
  path: JournalPath;
  body: string;
  status: OutboxStatus;
  /** `CODE: reason`, of one that ingest refused. */
  refusal: string | null;
  attempts: number;
}

export interface JournalOutboxTables {
  journal_outbox: JournalOutboxTable;
}

export interface JournalRecord {
  /** The eventId: made of what it tells of, never drawn. */
  readonly recordId: string;
  readonly path: JournalPath;
  /** With the same eventId. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A record is some ten fields; ingest takes 256 kB. */
const BODY_LENGTH_MAX = 16_384;

/**
 * @param transaction of whatever tables; they lie in one database with `journal_outbox`.
 * @returns false where a record of this name is there: it stays as it is.
 * @throws Error where the record is none that could be sent: a mistake of the program.
 */
export async function enqueueJournalRecord<Tables>(
  transaction: Transaction<Tables>,
  { recordId, path, body }: JournalRecord,
): Promise<boolean> {
  if (body.eventId !== recordId) throw new Error(`journal record ${recordId}: its body has another eventId`);
  const text = storableText(JSON.stringify(body));
  if (text.length > BODY_LENGTH_MAX)
    throw new Error(
      `journal record ${recordId}: ${text.length} characters, at most ${BODY_LENGTH_MAX}; say less`,
    );
  const { numInsertedOrUpdatedRows } = await (transaction as unknown as Transaction<OutboxInsert>)
    .insertInto("journal_outbox")
    .values({ record_id: storableText(recordId), path, body: text })
    .onConflict((conflict) => conflict.column("record_id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** What the database does not give itself. */
interface OutboxInsert {
  journal_outbox: Pick<JournalOutboxTable, "record_id" | "path" | "body">;
}

/** The name of a record: of the same words always the same. Never of a personal number: a list of numbers would find it. */
export function recordIdOf(kind: string, words: readonly (string | number)[]): string {
  return `${kind}-${hash("sha256", JSON.stringify(words)).slice(0, 32)}`;
}
