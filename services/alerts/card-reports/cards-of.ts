/** What the database knows of a person's cards: how they stand, which one a swipe was made with. */

import { type Kysely, sql } from "kysely";
import type { CardReport, CardStanding } from "../../../schemas/card-report.js";
import type { Credential } from "../../../schemas/fields.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import { cardReportOf } from "./card-report-row.js";
import { type CardSeen, cardStandings, type PlacedReport } from "./card-standing.js";

/** A card that was not used for so long is none that its holder asks for. */
const SEEN_WITHIN_MS = 400 * 86_400_000;
/** A life has some ten; more are a source that repeats itself, and the latest say how things stand. */
const REPORTS_MAX = 500;

/** Of the person under whichever key. */
export async function cardsOf(
  database: Kysely<AlertsTables>,
  personKey: string,
  atMs: number,
): Promise<readonly CardStanding[]> {
  const keys = await personKeysOf(database, personKey);
  const [reports, seen] = await Promise.all([reportsOf(database, keys), cardsSeen(database, keys, atMs)]);
  return cardStandings(reports, seen, atMs);
}

/** In the order of the journal. */
export async function reportsOf(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
): Promise<readonly PlacedReport[]> {
  const rows = await database
    .selectFrom("card_reports")
    .selectAll()
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("journal_offset", "desc")
    .orderBy("sequence", "desc")
    .limit(REPORTS_MAX)
    .execute();
  return rows.reverse().map((row, place) => ({ ...cardReportOf(row), place }));
}

/** What came of a record; null where it was not judged yet. The first, where it was sent again. */
export async function reportOfEvent(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
  eventId: string,
): Promise<CardReport | null> {
  const row = await database
    .selectFrom("card_reports")
    .selectAll()
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .where("event_id", "=", eventId)
    .orderBy("journal_offset")
    .orderBy("sequence")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : cardReportOf(row);
}

/** As a report of the loss names it. */
export interface SwipeCard {
  readonly credential: Credential;
  /** Both or neither: a swipe by number alone, and those an earlier release kept, have no token. */
  readonly card: { readonly cardKey: string; readonly cardTail: string } | null;
}

/** @returns null where the person made no such swipe. */
export async function cardOfSwipe(
  database: Kysely<AlertsTables>,
  personKey: string,
  decisionId: string,
): Promise<SwipeCard | null> {
  const keys = await personKeysOf(database, personKey);
  const row = await database
    .selectFrom("judged_swipes")
    .select(["credential", "card_key", "card_tail"])
    .where("decision_id", "=", decisionId)
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .executeTakeFirst();
  if (row === undefined) return cardOfAlert(database, keys, decisionId);
  const { credential, card_key: cardKey, card_tail: cardTail } = row;
  return { credential, card: cardKey === null || cardTail === null ? null : { cardKey, cardTail } };
}

/** Of swipes that move no money (a PIN check) only the alert is kept, which has no token. */
async function cardOfAlert(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
  decisionId: string,
): Promise<SwipeCard | null> {
  const row = await database
    .selectFrom("alerts")
    .select("credential")
    .where("decision_id", "=", decisionId)
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .executeTakeFirst();
  return row === undefined || row.credential === null ? null : { credential: row.credential, card: null };
}

interface SeenRow {
  readonly credential: Credential;
  readonly card_tail: string | null;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly first_used_at: Date | null;
  readonly last_used_at: Date | null;
}

/** What a revision rejected afterwards was not used either. */
export async function cardsSeen(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
  atMs: number,
): Promise<readonly CardSeen[]> {
  const { rows } = await sql<SeenRow>`
    select credential, card_tail, min(occurred_at) as first_at, max(occurred_at) as last_at,
      min(occurred_at) filter (where not is_rejected) as first_used_at,
      max(occurred_at) filter (where not is_rejected) as last_used_at
    from (
      select s.credential, s.card_tail, s.occurred_at, exists (
        select 1 from alerts a
        where a.decision_id = s.decision_id and a.state = 'standing' and a.action = 'reject'
      ) as is_rejected
      from judged_swipes s
      where s.person_key = any(${keys}::text[]) and s.occurred_at > ${new Date(atMs - SEEN_WITHIN_MS)}
        and s.occurred_at <= ${new Date(atMs)}
    ) swipes
    group by credential, card_tail`.execute(database);
  return rows.map((row) => ({
    credential: row.credential,
    cardTail: row.card_tail,
    firstAtMs: row.first_at.getTime(),
    lastAtMs: row.last_at.getTime(),
    firstUsedAtMs: row.first_used_at?.getTime() ?? null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  }));
}
