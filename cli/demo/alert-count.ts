/** What the office made of the decisions, counted in its database after it has stopped. */

import { Kysely, sql } from "kysely";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";

export interface AlertCount {
  readonly alerts: number;
  readonly cases: number;
}

export async function countAlerts(databasePath: string): Promise<AlertCount> {
  const database = await openPgliteDatabase({ path: databasePath });
  try {
    const kysely = new Kysely<unknown>({ dialect: database.dialect });
    const { rows } = await sql<AlertCount>`
      select (select count(*) from alerts) as alerts, (select count(*) from cases) as cases
    `.execute(kysely);
    return rows[0]!;
  } finally {
    await database.close();
  }
}
