/** Which entries of the audit log are told to whom: those of cases, appeals and persons that lie in the scope. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
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
    select subject from unnest(${[...new Set(subjects)]}::text[]) as asked(subject) where exists (
      select 1 from cases c where exists (
        select 1 from unnest(${[...scope]}::text[]) as prefix where starts_with(c.region, prefix)
      ) and (
        c.case_id = case
          when starts_with(subject, 'case:') then substr(subject, 6)
          when starts_with(subject, 'appeal:') then (
            select a.case_id from appeals a where a.appeal_id = substr(subject, 8))
        end
        or c.person_key = case
          when starts_with(subject, 'person:') then substr(subject, 8)
          when starts_with(subject, 'sms:') then (
            select s.person_key from sms s where s.sms_id = substr(subject, 5))
        end
      )
    )`.execute(tables);
  return new Set(rows.map(({ subject }) => subject));
}
