/**
 * A person's own swipes, as the cardholder's page shows them: what was judged, how it stands after revisions, what the holder
 * said of it. Those that move no money are shown where they raised an alert.
 */

import { type Kysely, sql } from "kysely";
import type { Action, Credential, SwipeKind } from "../../../schemas/fields.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";

export type HolderAnswer = "mine" | "not-mine";

export interface OwnSwipe {
  readonly decisionId: string;
  readonly kind: SwipeKind;
  readonly occurredAtMs: number;
  readonly careRegion: string;
  readonly institutionId: string;
  readonly credential: Credential;
  readonly cardTail: string | null;
  readonly totalFen: number;
  readonly accountFen: number | null;
  /** After revisions. */
  readonly action: Action;
  /** zh-CN, one sentence each: why it was not simply approved. */
  readonly because: readonly string[];
  readonly advice: string | null;
  /** Is it one of an alert of this case? */
  readonly isAlerted: boolean;
  readonly answer: HolderAnswer | null;
}

export interface SwipesAsked {
  readonly caseId: string;
  readonly sinceMs: number;
  /** The last page's mark; null for the first page. */
  readonly before: string | null;
  readonly limit: number;
}

/** A case of a card that was tried on and on: the page shows these, the rest follows in the list. */
const ALERTED_MAX = 20;

/** The latest first; the first page begins with those of the case, however old they are. */
export async function swipesOf(
  database: Kysely<AlertsTables>,
  personKey: string,
  { caseId, sinceMs, before, limit }: SwipesAsked,
): Promise<{ readonly swipes: readonly OwnSwipe[]; readonly before: string | null }> {
  const keys = await personKeysOf(database, personKey);
  const alerted = before === null ? await alertedSwipes(database, keys, caseId) : [];
  const shown = new Set(alerted.map(({ decisionId }) => decisionId));
  const rows = await swipeRows(
    database,
    { keys, caseId },
    sql`s.occurred_at > ${new Date(sinceMs)} ${before === null ? sql`` : isBehind(before)}`,
    limit + 1,
  );
  const page = rows.slice(0, limit);
  return {
    swipes: [...alerted, ...page.filter(({ decisionId }) => !shown.has(decisionId))],
    before: rows.length > limit ? markOf(page.at(-1)!) : null,
  };
}

/** @returns null where the person made no such swipe. */
export async function swipeOf(
  database: Kysely<AlertsTables>,
  { personKey, caseId, decisionId }: { personKey: string; caseId: string; decisionId: string },
): Promise<OwnSwipe | null> {
  const keys = await personKeysOf(database, personKey);
  const [row] = await swipeRows(database, { keys, caseId }, sql`s.decision_id = ${decisionId}`, 1);
  return row ?? null;
}

/** The latest first. */
async function alertedSwipes(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
  caseId: string,
): Promise<readonly OwnSwipe[]> {
  return swipeRows(
    database,
    { keys, caseId },
    sql`exists (select 1 from alerts a where a.case_id = ${caseId} and a.decision_id = s.decision_id)`,
    ALERTED_MAX,
  );
}

/** Milliseconds and id: what came later has the later mark. */
const MARK = /^(\d{1,16})~(.{1,120})$/s;

function markOf({ occurredAtMs, decisionId }: OwnSwipe): string {
  return `${occurredAtMs}~${decisionId}`;
}

/** One that is none begins anew. */
function isBehind(mark: string) {
  const [, ms, decisionId] = MARK.exec(mark) ?? [];
  if (ms === undefined || decisionId === undefined || Number(ms) > LATEST_MS) return sql``;
  return sql`and (s.occurred_at, s.decision_id) < (${new Date(Number(ms))}, ${decisionId})`;
}

/** What a date can hold. */
const LATEST_MS = 8_640_000_000_000_000;

interface SwipeRow {
  readonly decision_id: string;
  readonly kind: SwipeKind;
  readonly occurred_at: Date;
  readonly care_region: string;
  readonly institution_id: string;
  readonly credential: Credential;
  readonly card_tail: string | null;
  readonly total_fen: number;
  readonly account_fen: number | null;
  readonly action: Action;
  readonly because: readonly string[] | null;
  readonly advice: string | null;
  readonly is_alerted: boolean;
  readonly answer: HolderAnswer | null;
}

/**
 * Of judged swipes, and of alerts about others. An alert that stands says how the swipe stands; one that was withdrawn, that it
 * was let through after all.
 */
async function swipeRows(
  database: Kysely<AlertsTables>,
  { keys, caseId }: { readonly keys: readonly string[]; readonly caseId: string },
  where: ReturnType<typeof sql>,
  limit: number,
): Promise<readonly OwnSwipe[]> {
  const { rows } = await sql<SwipeRow>`
    select s.decision_id, s.kind, s.occurred_at, s.care_region, s.institution_id, s.credential, s.card_tail, s.total_fen,
      s.account_fen, standing.because, standing.advice, said.answer,
      coalesce(standing.action, case when withdrawn.decision_id is null then s.action else 'approve' end) as action,
      exists (select 1 from alerts a where a.case_id = ${caseId} and a.decision_id = s.decision_id) as is_alerted
    from (
      select decision_id, person_key, kind, occurred_at, care_region, institution_id, credential, card_tail, total_fen,
        account_fen, action
      from judged_swipes where person_key = any(${keys}::text[])
      union all
      select decision_id, person_key, kind, occurred_at, care_region, institution_id, credential, card_tail, total_fen,
        account_fen, action
      from alerts
      where person_key = any(${keys}::text[]) and ordinal = 0 and kind not in ('settle', 'authorize')
        and occurred_at is not null
    ) s
    left join lateral (
      select a.action, a.because, a.advice from alerts a
      where a.decision_id = s.decision_id and a.state = 'standing' order by a.ordinal desc limit 1
    ) standing on true
    left join lateral (
      select a.decision_id from alerts a where a.decision_id = s.decision_id and a.state = 'withdrawn' limit 1
    ) withdrawn on true
    left join citizen_answers said
      on said.decision_id = s.decision_id and said.person_key = any(${keys}::text[])
    where ${where}
    order by s.occurred_at desc, s.decision_id desc
    limit ${limit}`.execute(database);
  return rows.map((row) => ({
    decisionId: row.decision_id,
    kind: row.kind,
    occurredAtMs: row.occurred_at.getTime(),
    careRegion: row.care_region,
    institutionId: row.institution_id,
    credential: row.credential,
    cardTail: row.card_tail,
    totalFen: row.total_fen,
    accountFen: row.account_fen,
    action: row.action,
    because: row.because ?? [],
    advice: row.advice,
    isAlerted: row.is_alerted,
    answer: row.answer,
  }));
}
