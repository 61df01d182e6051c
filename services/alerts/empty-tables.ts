/**
 * Empties what the alerts' database holds of the decisions log and of patrols, so that it is made again from them.
 *
 * 1. The ledger of SMS stays: what it holds is not made, and not sent, again. So do contacts, keys, people, bundles, the audit
 *    log and the codes of cases.
 * 2. Of a patrol's finding when it was first seen stays. Its alert and its case are made again: when it is found again, and
 *    where it is not (what a patrol finds depends on what there was when it looked), from what is kept of it.
 * 3. One transaction: killed, nothing was emptied. A mark in it says that the tables are not full yet.
 * 4. What people did about cases stays, and where closed cases end: the same cases come to be, closed where they were.
 */

import { Kysely, type QueryExecutorProvider, sql } from "kysely";
import type { OpenDatabase } from "../../platform/database/database.js";
import { formatInstant } from "../../schemas/instant.js";
import { alertsProgress } from "./alerts-progress.js";
import { raiseFindings } from "./patrol/findings-store.js";
import type { AlertsTables } from "./tables.js";

/** Beside the registers, under a name of its own. */
const MARK = { namespace: "rebuild", key: "alerts" } as const;

/** A rebuild that was begun and has not ended. */
export function isAlertsRebuilding({ dialect }: OpenDatabase): Promise<boolean> {
  return isRebuildMarked(new Kysely<AlertsTables>({ dialect }));
}

/** Within a transaction: as it is for that. */
export async function isRebuildMarked(database: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql`
    select 1 from key_values where namespace = ${MARK.namespace} and key = convert_to(${MARK.key}, 'UTF8')`.execute(
    database,
  );
  return rows.length > 0;
}

/** @throws DatabaseError. */
export async function emptyAlerts({ dialect }: OpenDatabase): Promise<void> {
  await new Kysely<AlertsTables>({ dialect }).transaction().execute(async (trx) => {
    await sql`
      insert into key_values (namespace, key, value)
      values (${MARK.namespace}, convert_to(${MARK.key}, 'UTF8'), ''::bytea)
      on conflict (namespace, key) do nothing`.execute(trx);
    await trx.deleteFrom("alerts").execute();
    await trx.deleteFrom("cases").execute();
    await trx.deleteFrom("judged_swipes").execute();
    await trx.deleteFrom("card_reports").execute();
    await trx.deleteFrom("undone_swipes").execute();
    await trx.deleteFrom("person_links").execute();
    await trx.deleteFrom("person_moves").execute();
    await alertsProgress.forget(trx);
    await trx.deleteFrom("patrol_progress").execute();
    // Found once more it counts as new, and is raised.
    await trx.updateTable("patrol_findings").set({ times_seen: 0 }).execute();
  });
}

/**
 * Findings that no patrol has found again: they were true when they were found (a patrol looks at what there is by then), and
 * somebody may have been told. They are raised from what is kept of them. @returns how many.
 */
export async function raiseKeptFindings({ dialect }: OpenDatabase): Promise<number> {
  return new Kysely<AlertsTables>({ dialect }).transaction().execute(async (trx) => {
    const kept = await trx.selectFrom("patrol_findings").selectAll().where("times_seen", "=", 0).execute();
    await raiseFindings(
      trx,
      kept.map((row) => ({
        findingId: row.finding_id,
        patrol: row.patrol,
        subjectKind: row.subject_kind,
        subject: row.subject_key,
        institutionId: row.institution_id,
        region: row.region,
        severity: row.severity,
        firstAt: formatInstant(row.first_at.getTime()),
        lastAt: formatInstant(row.last_at.getTime()),
      })),
    );
    await trx.updateTable("patrol_findings").set({ times_seen: 1 }).where("times_seen", "=", 0).execute();
    return kept.length;
  });
}

/** All is there again. */
export async function endAlertsRebuild({ dialect }: OpenDatabase): Promise<void> {
  await sql`
    delete from key_values where namespace = ${MARK.namespace} and key = convert_to(${MARK.key}, 'UTF8')`.execute(
    new Kysely<AlertsTables>({ dialect }),
  );
}
