/** What the office made of the decisions (not of the patrols' findings), counted in its database after it has stopped. */

import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";

export interface AlertCount {
  readonly alerts: number;
  readonly cases: number;
}

export async function countAlerts(databasePath: string): Promise<AlertCount> {
  const database = await openPgliteDatabase({ path: databasePath });
  try {
    return await countAlertsIn(database);
  } finally {
    await database.close();
  }
}

export async function countAlertsIn({ dialect }: OpenDatabase): Promise<AlertCount> {
  const kysely = new Kysely<unknown>({ dialect });
  const { rows } = await sql<AlertCount>`
    select (select count(*) from alerts where finding_id is null) as alerts,
      (select count(*) from cases where subject_kind = 'person') as cases
  `.execute(kysely);
  return rows[0]!;
}
