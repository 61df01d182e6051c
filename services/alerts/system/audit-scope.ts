/** Which entries of the audit log are told to whom: those of cases, appeals and persons that lie in the scope. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import { belongsTo } from "../cases/case-scope.js";
import type { AlertsTables } from "../tables.js";

/**
 * Of these subjects (`case:…`, `appeal:…`, `person:…`, `sms:…`) those whose case lies in the scope. Accounts, rules, records that
 * were driven again: those are the nation's.
 */
export async function subjectsWithin(
  tables: Kysely<AlertsTables>,
  subjects: readonly string[],
  scope: Scope,
): Promise<ReadonlySet<string>> {
  if (scope.includes("")) return new Set(subjects);
  const { rows } = await sql<{ subject: string }>`
    select subject from (
      select subject, case
          when starts_with(subject, 'case:') then substr(subject, 6)
          when starts_with(subject, 'appeal:') then (
            select a.case_id from appeals a where a.appeal_id = substr(subject, 8))
        end as case_id, case
          when starts_with(subject, 'person:') then substr(subject, 8)
          when starts_with(subject, 'sms:') then (
            select s.person_key from sms s where s.sms_id = substr(subject, 5))
        end as person_key
      from unnest(${[...new Set(subjects)]}::text[]) as asked(subject)
    ) named
    -- Each by its key: asked for both at once, PostgreSQL might read all cases.
    cross join lateral (
      (select 1 from cases where case_id = named.case_id and ${belongsTo(scope)} limit 1)
      union all
      (select 1 from cases where person_key = named.person_key and ${belongsTo(scope)} limit 1)
      limit 1
    ) as found`.execute(tables);
  return new Set(rows.map(({ subject }) => subject));
}
