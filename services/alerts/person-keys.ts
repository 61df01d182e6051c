/** All keys under which one person is known: former ones stay where their rows are (docs/decisions/0009). */

import { type Kysely, sql } from "kysely";

/** Ten numbers of one person are a curiosity; a database that says more is not asked in vain. */
const KEYS_MAX = 64;

/** @returns the key itself first. */
export async function personKeysOf<Tables>(
  database: Kysely<Tables>,
  personKey: string,
): Promise<readonly string[]> {
  // Both ways: a case may name a former key, a report the present one. A ring ends by itself.
  const { rows } = await sql<{ key: string }>`
    with recursive known(key) as (
      select ${personKey}::text
      union
      select case when link.person_key = known.key then link.former_person_key else link.person_key end
      from known join person_links link on link.person_key = known.key or link.former_person_key = known.key
    )
    select key from known limit ${KEYS_MAX}`.execute(database);
  return [personKey, ...rows.map(({ key }) => key).filter((key) => key !== personKey)];
}
