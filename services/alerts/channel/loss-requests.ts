/** A person's reports of loss made on the page: how far each is with the bureau, and what the judge made of it. */

import { type Kysely, type Selectable, sql } from "kysely";
import type { CardReport } from "../../../schemas/card-report.js";
import { formatInstant } from "../../../schemas/instant.js";
import { reportOfEvent } from "../card-reports/cards-of.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import type { BureauRequestsTable, BureauStatus } from "./channel-tables.js";

export interface LossRequest {
  readonly requestId: string;
  readonly requestedAtMs: number;
  /** With the bureau. `pending` where it has not said anything, also where nobody can be asked. */
  readonly status: "pending" | "accepted" | "failed";
  readonly receiptNo: string | null;
  /** As the bureau gave them. */
  readonly acceptedAt: string | null;
  readonly effectiveAt: string | null;
  /** null until the judge has the record. */
  readonly report: CardReport | null;
}

/** More are not shown. */
const REQUESTS_MAX = 20;

const SHOWN: Readonly<Record<BureauStatus, LossRequest["status"]>> = {
  pending: "pending",
  kept: "pending",
  taken: "pending",
  accepted: "accepted",
  refused: "failed",
};

/** The latest first. */
export async function lossRequestsOf(
  database: Kysely<AlertsTables>,
  personKey: string,
): Promise<readonly LossRequest[]> {
  const keys = await personKeysOf(database, personKey);
  const rows = await database
    .selectFrom("bureau_requests")
    .selectAll()
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("place", "desc")
    .limit(REQUESTS_MAX)
    .execute();
  return Promise.all(rows.map((row) => requestOf(database, keys, row)));
}

async function requestOf(
  database: Kysely<AlertsTables>,
  keys: readonly string[],
  row: Selectable<BureauRequestsTable>,
): Promise<LossRequest> {
  return {
    requestId: row.request_id,
    requestedAtMs: row.reported_at.getTime(),
    status: (await isRefusedHere(database, row.event_id)) ? "failed" : SHOWN[row.status],
    receiptNo: row.receipt_no,
    acceptedAt: row.accepted_at && formatInstant(row.accepted_at.getTime()),
    effectiveAt: row.effective_at && formatInstant(row.effective_at.getTime()),
    report: await reportOfEvent(database, keys, row.event_id),
  };
}

/** Ingest did not take the record: the card is not blocked here, whatever the bureau says. */
async function isRefusedHere(database: Kysely<AlertsTables>, eventId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from journal_outbox where record_id = ${eventId} and status = 'refused'`.execute(database);
  return rows.length > 0;
}
