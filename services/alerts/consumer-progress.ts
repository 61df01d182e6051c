/** Where the consumer of kadun.decisions stands in each partition: a row of the database it fills. */

import { Kysely, sql, type Transaction } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { Progress } from "../../platform/event-log/consume-once.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import type { AlertsTables, ConsumerProgressTable } from "./tables.js";

/** This service among the consumers of that table. */
export const ALERTS_CONSUMER = "alerts";

/** Until the transaction ends, another consumer of the partition waits here. */
export async function lockProgress(
  trx: Transaction<AlertsTables>,
  partition: number,
): Promise<Progress<OutcomePosition> | null> {
  // Also where there is no row yet that could be locked.
  await sql`select pg_advisory_xact_lock(hashtext(${ALERTS_CONSUMER}), ${partition}::integer)`.execute(trx);
  return storedProgress(trx, partition);
}

export async function storedProgress(
  database: Kysely<AlertsTables>,
  partition: number,
): Promise<Progress<OutcomePosition> | null> {
  const row = await database
    .selectFrom("consumer_progress")
    .select(["next_offset", "journal_offset", "sequence"])
    .where("consumer", "=", ALERTS_CONSUMER)
    .where("partition", "=", partition)
    .executeTakeFirst();
  return row === undefined ? null : progressOf(row);
}

export interface StoredConsumer {
  readonly consumer: string;
  readonly partition: number;
  readonly progress: Progress<OutcomePosition>;
}

/** Of every consumer that stores where it stands in this table. */
export async function consumersProgress({ dialect }: OpenDatabase): Promise<readonly StoredConsumer[]> {
  const rows = await new Kysely<AlertsTables>({ dialect })
    .selectFrom("consumer_progress")
    .selectAll()
    .execute();
  return rows.map(({ consumer, partition, ...row }) => ({ consumer, partition, progress: progressOf(row) }));
}

type ProgressRow = Pick<ConsumerProgressTable, "next_offset" | "journal_offset" | "sequence">;

function progressOf({ next_offset, journal_offset, sequence }: ProgressRow): Progress<OutcomePosition> {
  const highWater =
    journal_offset === null || sequence === null ? null : { journalOffset: journal_offset, sequence };
  return { nextOffset: next_offset, highWater };
}

export async function storeProgress(
  trx: Transaction<AlertsTables>,
  partition: number,
  { nextOffset, highWater }: Progress<OutcomePosition>,
): Promise<void> {
  const place = {
    next_offset: nextOffset,
    journal_offset: highWater?.journalOffset ?? null,
    sequence: highWater?.sequence ?? null,
  };
  await trx
    .insertInto("consumer_progress")
    .values({ consumer: ALERTS_CONSUMER, partition, ...place })
    .onConflict((conflict) => conflict.columns(["consumer", "partition"]).doUpdateSet(place))
    .execute();
}
