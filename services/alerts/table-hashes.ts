/**
 * What the tables of alerts hold, as counts and hashes: equal before and after they were made again from the logs.
 *
 * Rows in the order of their ids, as JSON in UTC, a line each, under one SHA-256 a table. Of what patrols found only what does not
 * depend on when they looked: not the times of a finding's first evidence, nor how often it was seen.
 */

import { createHash } from "node:crypto";
import { Kysely, sql } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { AlertsTables } from "./tables.js";

/** A page is parsed at once; some megabytes. */
const PAGE_ROWS = 5_000;

/** By table: where rows are, what identifies one, what is hashed of it. Constants of the program. */
const HASHED = {
  cases: { from: "cases", id: "case_id", what: "to_jsonb(t)", where: "subject_kind = 'person'" },
  alerts: { from: "alerts", id: "alert_id", what: "to_jsonb(t)", where: "finding_id is null" },
  /** Without what swipes that an earlier release kept get only when they are made again. */
  judgedSwipes: {
    from: "judged_swipes",
    id: "decision_id",
    what: "to_jsonb(t) - 'card_key' - 'insured_region' - 'institution_kind' - 'visit_kind'",
    where: "true",
  },
  undoneSwipes: {
    from: "undone_swipes",
    id: "person_key || ' ' || original_event_id || ' ' || event_id",
    what: "to_jsonb(t)",
    where: "true",
  },
  cardReports: {
    from: "card_reports",
    id: "person_key || ' ' || lpad(journal_offset::text, 19, '0') || ' ' || lpad(sequence::text, 10, '0')",
    what: "to_jsonb(t) - 'is_planned'",
    where: "true",
  },
  personLinks: {
    from: "person_links",
    id: "former_person_key || ' ' || person_key || ' ' || event_id",
    what: "to_jsonb(t)",
    where: "true",
  },
  personMoves: {
    from: "person_moves",
    id: "former_person_key || ' ' || event_id",
    what: "to_jsonb(t)",
    where: "true",
  },
  patrolCases: {
    from: "cases",
    id: "case_id",
    what: "jsonb_build_array(case_id, subject_kind, subject_key, ordinal, status, alert_count, standing_count)",
    where: "subject_kind <> 'person'",
  },
  patrolAlerts: {
    from: "alerts",
    id: "alert_id",
    what: "jsonb_build_array(alert_id, case_id, finding_id, action, severity, rules, state)",
    where: "finding_id is not null",
  },
  /** The ledger, which is never emptied: more afterwards would be SMS made twice. */
  sms: {
    from: "sms",
    id: "sms_id",
    what: "jsonb_build_array(sms_id, person_key, template, text)",
    where: "true",
  },
} as const;

export type HashedTable = keyof typeof HASHED;
export interface TableHash {
  readonly rows: number;
  readonly sha256: string;
}
export type AlertsHashes = Readonly<Record<HashedTable, TableHash>>;

/** @throws DatabaseError. */
export async function alertsHashes({ dialect }: OpenDatabase): Promise<AlertsHashes> {
  const database = new Kysely<AlertsTables>({ dialect });
  return {
    cases: await hashOf(database, "cases"),
    alerts: await hashOf(database, "alerts"),
    judgedSwipes: await hashOf(database, "judgedSwipes"),
    cardReports: await hashOf(database, "cardReports"),
    undoneSwipes: await hashOf(database, "undoneSwipes"),
    personLinks: await hashOf(database, "personLinks"),
    personMoves: await hashOf(database, "personMoves"),
    patrolCases: await hashOf(database, "patrolCases"),
    patrolAlerts: await hashOf(database, "patrolAlerts"),
    sms: await hashOf(database, "sms"),
  };
}

async function hashOf(database: Kysely<AlertsTables>, table: HashedTable): Promise<TableHash> {
  const hash = createHash("sha256");
  let rows = 0;
  for (let after: string | null = ""; after !== null; ) {
    const page: readonly HashedRow[] = await pageAfter(database, table, after);
    for (const { text } of page) hash.update(`${text}\n`);
    rows += page.length;
    after = page.length < PAGE_ROWS ? null : page.at(-1)!.id;
  }
  return { rows, sha256: hash.digest("hex") };
}

interface HashedRow {
  readonly id: string;
  readonly text: string;
}

/** By bytes, whatever the database's collation; times in UTC, whatever the session's zone. */
function pageAfter(
  database: Kysely<AlertsTables>,
  table: HashedTable,
  after: string,
): Promise<readonly HashedRow[]> {
  const { from, id, what, where } = HASHED[table];
  return database.transaction().execute(async (trx) => {
    await sql`set local time zone 'UTC'`.execute(trx);
    const { rows } = await sql<HashedRow>`
      select (${sql.raw(id)}) as id, (${sql.raw(what)})::text as text from ${sql.table(from)} t
      where ${sql.raw(where)} and (${sql.raw(id)}) collate "C" > ${after}
      order by (${sql.raw(id)}) collate "C" limit ${PAGE_ROWS}`.execute(trx);
    return rows;
  });
}
