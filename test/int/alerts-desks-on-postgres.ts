/** Loaded before tests of the alerts: their desks are then on the live PostgreSQL, each in a database of its own. */

import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { type DeskEngine, putDesksOn } from "../alerts/alerts-desk.js";
import { temporaryPostgres } from "./temporary-postgres.js";

export async function postgresDesk(): Promise<DeskEngine> {
  const { url, remove } = await temporaryPostgres();
  return { open: () => openPostgresDatabase({ url }), remove };
}

putDesksOn(postgresDesk);
