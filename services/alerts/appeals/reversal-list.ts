/**
 * The list of reversals (2601) for the settlement network.
 *
 * 1. A settlement is on it once, whatever is decided again; it is handed over once.
 * 2. What was taken back meanwhile by the institution itself is not handed over: it would be taken back twice.
 * 3. Where it is not known which transaction it was, nobody guesses: it stays on the list with that said.
 */

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type ReversalRequest, reversalRequest } from "../../../schemas/national/reversal-out.js";
import { withinScope } from "../overview/within-scope.js";
import type { AlertsTables } from "../tables.js";

/** Handed over at once, in a file that is sent; the next call gives the next ones. */
export const REVERSALS_MAX = 1_000;
/** For people. */
export const REVERSALS_PER_PAGE = 25;
/** For one page, of whatever region: where few lie in the scope it holds what there was, and says from where to go on. */
export const REVERSALS_LOOKED_AT_MAX = 500;

export interface ListedReversal {
  readonly decisionId: string;
  readonly appealId: string;
  readonly institutionId: string;
  readonly occurredAt: string;
  readonly totalFen: number;
  readonly accountFen: number | null;
  readonly askedAt: string;
  readonly handedOverAt: string | null;
  readonly handedOverBy: string | null;
  /** to-hand-over; undone: taken back meanwhile; unclear: which transaction it was is not known. */
  readonly status: "to-hand-over" | "handed-over" | "undone" | "unclear";
  /** null where it is unclear. */
  readonly request: ReversalRequest | null;
}

interface Row {
  decision_id: string;
  appeal_id: string;
  person_key: string;
  event_id: string;
  oinfno: string | null;
  institution_id: string;
  occurred_at: Date;
  total_fen: number;
  account_fen: number | null;
  asked_at: Date;
  handed_over_at: Date | null;
  handed_over_by: string | null;
  is_undone: boolean;
}

export interface ReversalPage {
  readonly reversals: readonly ListedReversal[];
  /** For the next page; null when this is the last. */
  readonly after: string | null;
}

/** The oldest first. @param asked.after as the last page said, a decisionId; one that is not known begins anew. */
export async function reversalPage(
  database: Kysely<AlertsTables>,
  asked: { readonly withHandedOver: boolean; readonly scope: Scope; readonly after: string | null },
): Promise<ReversalPage> {
  const { after, scope, withHandedOver } = asked;
  const mark = after === null ? undefined : await askedAtOf(database, after);
  const behind =
    mark === undefined ? sql`true` : sql`(asked_at, decision_id) > (${mark}::timestamptz, ${after})`;
  const looked = sql<{ decision_id: string }>`
    select * from appeal_reversals where ${behind} and ${withHandedOver ? sql`true` : NOT_HANDED_OVER}
    order by asked_at, decision_id limit ${sql.lit(REVERSALS_LOOKED_AT_MAX)}`;
  const rows = await reversalRows(database, { from: looked, scope, limit: REVERSALS_PER_PAGE });
  const last = rows.length === REVERSALS_PER_PAGE ? rows.at(-1)! : await endOf(database, looked);
  return { reversals: rows.map(listed), after: last?.decision_id ?? null };
}

async function askedAtOf(database: Kysely<AlertsTables>, decisionId: string): Promise<Date | undefined> {
  const row = await database
    .selectFrom("appeal_reversals")
    .select("asked_at")
    .where("decision_id", "=", decisionId)
    .executeTakeFirst();
  return row?.asked_at;
}

/** @returns the last one looked at; undefined where there were none left. */
async function endOf(database: Kysely<AlertsTables>, looked: RawBuilder<{ decision_id: string }>) {
  const { rows } = await sql<{ decision_id: string }>`
    select decision_id from (${looked}) looked order by asked_at, decision_id
    offset ${sql.lit(REVERSALS_LOOKED_AT_MAX - 1)} limit 1`.execute(database);
  return rows[0];
}

const NOT_HANDED_OVER = sql`handed_over_at is null`;

/** The oldest first. */
async function reversalRows(
  database: Kysely<AlertsTables>,
  {
    from,
    scope,
    limit,
    withUndone = true,
  }: {
    readonly from: RawBuilder<unknown>;
    readonly scope: Scope;
    readonly limit: number;
    readonly withUndone?: boolean;
  },
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select * from (select r.decision_id, r.appeal_id, r.person_key, r.event_id, r.oinfno, s.institution_id, s.occurred_at, r.total_fen,
      r.account_fen, r.asked_at, r.handed_over_at, r.handed_over_by,
      exists (select 1 from undone_swipes u where u.original_event_id = r.event_id and u.person_key in (
        select s.person_key union select r.person_key
        union select former_person_key from person_links where person_key = r.person_key
        union select person_key from person_links where former_person_key = r.person_key)) as is_undone
    from (${from}) r
    cross join lateral (select * from judged_swipes where decision_id = r.decision_id limit 1) s
    ${
      scope.includes("")
        ? sql``
        : sql`cross join lateral (
      select 1 from appeals where appeal_id = r.appeal_id and ${withinScope(scope, sql.ref("region"))} limit 1) appeals`
    }) listed
    where ${withUndone}::boolean or (not is_undone and oinfno is not null)
    order by asked_at, decision_id
    limit ${sql.lit(limit)}`.execute(database);
  return rows;
}

function listed(row: Row): ListedReversal {
  const request = requestOf(row);
  return {
    decisionId: row.decision_id,
    appealId: row.appeal_id,
    institutionId: row.institution_id,
    occurredAt: formatInstant(row.occurred_at.getTime()),
    totalFen: Number(row.total_fen),
    accountFen: row.account_fen === null ? null : Number(row.account_fen),
    askedAt: formatInstant(row.asked_at.getTime()),
    handedOverAt: row.handed_over_at === null ? null : formatInstant(row.handed_over_at.getTime()),
    handedOverBy: row.handed_over_by,
    status: statusOf(row, request),
    request,
  };
}

function statusOf(row: Row, request: ReversalRequest | null): ListedReversal["status"] {
  if (row.handed_over_at !== null) return "handed-over";
  if (row.is_undone) return "undone";
  return request === null ? "unclear" : "to-hand-over";
}

/** Null too where the settlement did not come as a message of the national platform: 2601 could not name it. */
function requestOf({ person_key, event_id, oinfno }: Row): ReversalRequest | null {
  const input = { data: { omsgid: event_id, oinfno } };
  return reversalRequest.safeParse({ infno: "2601", psnToken: person_key, input }).data ?? null;
}

/** What could be handed over now: those that never go would stand before the others for ever. */
export async function reversalsToHandOver(
  database: Kysely<AlertsTables>,
  scope: Scope,
): Promise<readonly ListedReversal[]> {
  const from = sql`select * from appeal_reversals where ${NOT_HANDED_OVER} order by asked_at, decision_id`;
  const rows = await reversalRows(database, { from, scope, limit: REVERSALS_MAX, withUndone: false });
  return rows.map(listed);
}

/** Marks what can be handed over now, once. @returns what was marked by this call. */
export async function handOverReversals(
  database: Kysely<AlertsTables>,
  { at, by, scope }: { readonly at: string; readonly by: string; readonly scope: Scope },
): Promise<readonly ListedReversal[]> {
  return database.transaction().execute(async (trx) => {
    const open = await reversalsToHandOver(trx, scope);
    const ready = open.filter(({ status }) => status === "to-hand-over").map(({ decisionId }) => decisionId);
    const marked = await trx
      .updateTable("appeal_reversals")
      .set({ handed_over_at: at, handed_over_by: by })
      .where("decision_id", "=", sql<string>`any(${ready}::text[])`)
      .where("handed_over_at", "is", null)
      .returning("decision_id")
      .execute();
    const ids = new Set(marked.map(({ decision_id }) => decision_id));
    return open
      .filter(({ decisionId }) => ids.has(decisionId))
      .map((reversal) => ({ ...reversal, status: "handed-over", handedOverAt: at, handedOverBy: by }));
  });
}
