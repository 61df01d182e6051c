/**
 * The list of reversals (2601) for the settlement network.
 *
 * 1. A settlement is on it once, whatever is decided again; it is handed over once.
 * 2. What was taken back meanwhile by the institution itself is not handed over: it would be taken back twice.
 * 3. Where it is not known which transaction it was, nobody guesses: it stays on the list with that said.
 */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type ReversalRequest, reversalRequest } from "../../../schemas/national/reversal-out.js";
import { belongsTo } from "../cases/case-scope.js";
import type { AlertsTables } from "../tables.js";

/** A page for people and for a file that is sent; the next call gives the next ones. */
export const REVERSALS_MAX = 1_000;
/** For a list: the oldest of whatever region. Ten years of a province; handing over looks at all that were not. */
export const REVERSALS_LOOKED_AT_MAX = 10_000;

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

/** The oldest first. */
export async function reversalList(
  database: Kysely<AlertsTables>,
  {
    withHandedOver,
    scope,
    withUndone = true,
  }: { readonly withHandedOver: boolean; readonly scope: Scope; readonly withUndone?: boolean },
): Promise<readonly ListedReversal[]> {
  const looked = withUndone ? sql`limit ${sql.lit(REVERSALS_LOOKED_AT_MAX)}` : sql``;
  const { rows } = await sql<Row>`
    select * from (select r.decision_id, r.appeal_id, r.person_key, r.event_id, r.oinfno, s.institution_id, s.occurred_at, r.total_fen,
      r.account_fen, r.asked_at, r.handed_over_at, r.handed_over_by,
      exists (select 1 from undone_swipes u where u.original_event_id = r.event_id and u.person_key in (
        select s.person_key union select r.person_key
        union select former_person_key from person_links where person_key = r.person_key
        union select person_key from person_links where former_person_key = r.person_key)) as is_undone
    from (
      select * from appeal_reversals where ${withHandedOver ? sql`true` : sql`handed_over_at is null`}
      order by asked_at, decision_id ${looked}
    ) r
    cross join lateral (select * from judged_swipes where decision_id = r.decision_id limit 1) s
    cross join lateral (select region from cases where case_id = (
      select case_id from appeals where appeal_id = r.appeal_id) limit 1) cases
    where ${belongsTo(scope)}) listed
    where ${withUndone}::boolean or (not is_undone and oinfno is not null)
    order by asked_at, decision_id
    limit ${REVERSALS_MAX}`.execute(database);
  return rows.map(listed);
}

function listed(row: Row): ListedReversal {
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
    status: statusOf(row),
    request: requestOf(row),
  };
}

function statusOf(row: Row): ListedReversal["status"] {
  if (row.handed_over_at !== null) return "handed-over";
  if (row.is_undone) return "undone";
  return requestOf(row) === null ? "unclear" : "to-hand-over";
}

/** Null too where the settlement did not come as a message of the national platform: 2601 could not name it. */
function requestOf({ person_key, event_id, oinfno }: Row): ReversalRequest | null {
  const input = { data: { omsgid: event_id, oinfno } };
  return reversalRequest.safeParse({ infno: "2601", psnToken: person_key, input }).data ?? null;
}

/** Marks what can be handed over now, once. @returns what was marked by this call. */
export async function handOverReversals(
  database: Kysely<AlertsTables>,
  { at, by, scope }: { readonly at: string; readonly by: string; readonly scope: Scope },
): Promise<readonly ListedReversal[]> {
  return database.transaction().execute(async (trx) => {
    // Those that never go would stand before the others for ever.
    const open = await reversalList(trx, { withHandedOver: false, withUndone: false, scope });
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
