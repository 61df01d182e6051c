/** Who may see what of a person: whole where the person is insured, parts where the person was. */

import { type Kysely, sql } from "kysely";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";

export interface PersonStanding {
  /** The one that was asked for first. */
  readonly keys: readonly string[];
  readonly insuredRegion: string | null;
  /** Is the person insured within the scope? */
  readonly isWhole: boolean;
}

interface KnownRow {
  readonly insured_region: string | null;
  readonly is_known: boolean;
  readonly has_case: boolean;
}

/** Swipes looked at for a place within the scope: two years of a person who is often ill. */
const SWIPES_MAX = 1_000;

/** @returns null where nothing of the person lies within the scope. */
export async function personStanding(
  tables: Kysely<AlertsTables>,
  personKey: string,
  scope: Scope,
): Promise<PersonStanding | null> {
  const keys = await personKeysOf(tables, personKey);
  const known = await knownOf(tables, keys, scope);
  const { insured_region: insuredRegion } = known;
  const isWhole = isInScope(scope, insuredRegion ?? "");
  if (isWhole ? known.is_known : known.has_case || (await hasSwipeWithin(tables, keys, scope)))
    return { keys, insuredRegion, isWhole };
  return null;
}

async function knownOf(
  tables: Kysely<AlertsTables>,
  keys: readonly string[],
  scope: Scope,
): Promise<KnownRow> {
  const of = sql`any(${[...keys]}::text[])`;
  const { rows } = await sql<KnownRow>`
    select coalesce(
        (select insured_region from judged_swipes where person_key = ${of} and insured_region is not null
          order by occurred_at desc limit 1),
        (select nullif(region, '') from cases where person_key = ${of} order by opened_at desc limit 1)
      ) as insured_region,
      exists (select 1 from judged_swipes where person_key = ${of})
        or exists (select 1 from cases where person_key = ${of})
        or exists (select 1 from card_reports where person_key = ${of}) as is_known,
      exists (select 1 from cases where person_key = ${of} and ${within(sql`region`, scope)}) as has_case`.execute(
    tables,
  );
  return rows[0]!;
}

async function hasSwipeWithin(tables: Kysely<AlertsTables>, keys: readonly string[], scope: Scope) {
  const { rows } = await sql`
    select 1 from (
      select care_region from judged_swipes where person_key = any(${[...keys]}::text[])
      order by occurred_at desc limit ${SWIPES_MAX}
    ) latest where ${within(sql`care_region`, scope)} limit 1`.execute(tables);
  return rows.length > 0;
}

function within(region: ReturnType<typeof sql>, scope: Scope) {
  return sql`exists (select 1 from unnest(${[...scope]}::text[]) as prefix where starts_with(${region}, prefix))`;
}
