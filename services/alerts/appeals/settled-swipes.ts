/** A person's settlements that stand, with the rules of their alert; also those under the person's former keys. */

import { type Kysely, sql } from "kysely";
import { formatInstant } from "../../../schemas/instant.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import type { SettledSwipe } from "./swipe-facts.js";

/** A year of a heavy user; an appeal claims 64. The latest ones, and those that are asked for whatever their age. */
const SWIPES_MAX = 2_000;

export interface AppealableSwipe extends SettledSwipe {
  readonly institutionKind: string | null;
  readonly visitKind: string | null;
}

interface Row {
  decision_id: string;
  event_id: string;
  occurred_at: Date;
  credential: AppealableSwipe["credential"];
  card_tail: string | null;
  institution_id: string;
  institution_kind: string | null;
  visit_kind: string | null;
  total_fen: number;
  account_fen: number | null;
  rules: readonly string[] | null;
}

/** @param claimed decisionIds that are among them in any case. */
export async function settledSwipes(
  database: Kysely<AlertsTables>,
  personKey: string,
  claimed: readonly string[],
): Promise<readonly AppealableSwipe[]> {
  const keys = await personKeysOf(database, personKey);
  const { rows } = await sql<Row>`
    with keys as (select unnest(${keys}::text[]) as key)
    select s.decision_id, s.event_id, s.occurred_at, s.credential, s.card_tail, s.institution_id, s.institution_kind,
      s.visit_kind, s.total_fen, s.account_fen,
      (select a.rules from alerts a where a.decision_id = s.decision_id and a.state = 'standing') as rules
    from judged_swipes s
    where s.person_key in (select key from keys) and s.kind = 'settle'
      and not exists (select 1 from undone_swipes u
        where u.person_key in (select key from keys) and u.original_event_id = s.event_id)
    order by (s.decision_id = any(${claimed}::text[])) desc, s.occurred_at desc, s.decision_id
    limit ${SWIPES_MAX}`.execute(database);
  return rows.map((row) => ({
    decisionId: row.decision_id,
    eventId: row.event_id,
    occurredAt: formatInstant(row.occurred_at.getTime()),
    credential: row.credential,
    cardTail: row.card_tail,
    institutionId: row.institution_id,
    institutionKind: row.institution_kind,
    visitKind: row.visit_kind,
    totalFen: Number(row.total_fen),
    accountFen: row.account_fen === null ? null : Number(row.account_fen),
    rules: row.rules ?? [],
  }));
}
