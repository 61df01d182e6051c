/** Where the consumer of answers stands in each partition of kadun.decisions. */

import { sql } from "kysely";
import type { Progress } from "../../platform/event-log/consume-once.js";
import type { OutcomePosition } from "../../schemas/topics.js";
import type { Reads, Trx } from "./tables.js";

const CONSUMER = "bundles";

/** Until the transaction ends, another consumer of the partition waits here. */
export async function lockProgress(trx: Trx, partition: number): Promise<Progress<OutcomePosition> | null> {
  // Also where there is no row yet that could be locked.
  await sql`select pg_advisory_xact_lock(hashtext(${CONSUMER}), ${partition}::integer)`.execute(trx);
  return storedProgress(trx, partition);
}

export async function storedProgress(
  tables: Reads,
  partition: number,
): Promise<Progress<OutcomePosition> | null> {
  const row = await tables
    .selectFrom("consumer_progress")
    .select(["next_offset", "journal_offset", "sequence"])
    .where("consumer", "=", CONSUMER)
    .where("partition", "=", partition)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { next_offset, journal_offset, sequence } = row;
  const highWater =
    journal_offset === null || sequence === null ? null : { journalOffset: journal_offset, sequence };
  return { nextOffset: next_offset, highWater };
}

export async function storeProgress(
  trx: Trx,
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
    .values({ consumer: CONSUMER, partition, ...place })
    .onConflict((conflict) => conflict.columns(["consumer", "partition"]).doUpdateSet(place))
    .execute();
}
