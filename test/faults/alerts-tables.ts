/** The tables of a cluster's alerts, as kysely reads them. */

import { Kysely } from "kysely";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import type { AlertsTables } from "../../services/alerts/tables.js";

/** Open while `use` runs. @throws DatabaseError, and what `use` throws. */
export async function withAlertsTables<T>(
  postgresUrl: string,
  use: (tables: Kysely<AlertsTables>) => Promise<T>,
): Promise<T> {
  const database = await openPostgresDatabase({ url: postgresUrl });
  try {
    return await use(new Kysely<AlertsTables>({ dialect: database.dialect }));
  } finally {
    await database.close();
  }
}
