/** Records of people's work that ingest refused: the journal does not have them, and somebody has to look. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { JournalOutboxTables } from "../journal-outbox/journal-outbox.js";

export interface OutboxFacts {
  /** At most `COUNTED_MAX`. */
  readonly pending: number;
  readonly refused: readonly RefusedRecord[];
}

export interface RefusedRecord {
  readonly recordId: string;
  readonly path: string;
  readonly refusal: string;
}

/** One is a mistake of the program: more are not read by anybody. */
const REFUSED_SHOWN_MAX = 50;
/** More are an outage, whatever their number. */
export const COUNTED_MAX = 1_000;

export async function outboxFacts({ dialect }: Pick<OpenDatabase, "dialect">): Promise<OutboxFacts> {
  const tables = new Kysely<JournalOutboxTables>({ dialect });
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from journal_outbox where status = 'pending' limit ${COUNTED_MAX}) counted`.execute(tables);
  const refused = await tables
    .selectFrom("journal_outbox")
    .select(["record_id", "path", "refusal"])
    .where("status", "=", "refused")
    .orderBy("place", "desc")
    .limit(REFUSED_SHOWN_MAX)
    .execute();
  return {
    pending: rows[0]!.count,
    refused: refused.map(({ record_id, path, refusal }) => ({
      recordId: record_id,
      path,
      refusal: refusal!,
    })),
  };
}
