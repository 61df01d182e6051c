/** Tables of a few rows between two tests. `truncate` makes new files for each of them and of their indexes: a tenth of a second. */

import { type Kysely, sql } from "kysely";

/** In one statement, so that references between the tables do not matter. */
export async function emptyTables<Tables>(database: Kysely<Tables>, names: readonly string[]): Promise<void> {
  const [last, ...others] = names.map((name) => `delete from ${name}`);
  const before = others.map((statement, i) => `emptied${i} as (${statement})`).join(", ");
  await sql.raw(others.length === 0 ? last! : `with ${before} ${last}`).execute(database);
}
