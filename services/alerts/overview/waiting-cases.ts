/** What waits at cases: proposals for a second person, packages for a second person, persons to be phoned. Bounded reads. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { NeedItem } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { OverviewTables } from "./overview-tables.js";
import { withinScope } from "./within-scope.js";

export interface Looking {
  readonly tables: Kysely<OverviewTables>;
  readonly name: string;
  readonly scope: Scope;
  readonly nowMs: number;
  /** At most so many rows. */
  readonly limit: number;
}

/** Of others; the one that lapses first comes first. */
export async function waitingProposals({ tables, name, scope, nowMs, limit }: Looking): Promise<NeedItem[]> {
  const rows = await tables
    .selectFrom("case_proposals as p")
    .innerJoin("cases as c", "c.case_id", "p.case_id")
    .select(["p.case_id", "p.to_state", "p.proposed_by", "p.proposed_at", "p.expires_at"])
    .select(["c.highest_severity", "c.region"])
    .where("p.status", "=", "open")
    .where("p.proposed_by", "<>", name)
    .where("p.expires_at", ">", new Date(nowMs))
    .where(withinScope(scope, sql.ref("c.region")))
    .orderBy("p.expires_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.case_id,
    caseId: row.case_id,
    what: row.to_state,
    by: row.proposed_by,
    severity: row.highest_severity,
    region: row.region,
    since: formatInstant(row.proposed_at.getTime()),
    dueAt: formatInstant(row.expires_at.getTime()),
  }));
}

/** Asked by others. */
export async function waitingUnmaskings({ tables, name, scope, limit }: Looking): Promise<NeedItem[]> {
  const rows = await tables
    .selectFrom("evidence_requests as r")
    .innerJoin("cases as c", "c.case_id", "r.case_id")
    .select(["r.request_id", "r.case_id", "r.requested_by", "r.requested_at"])
    .select(["c.highest_severity", "c.region"])
    .where("r.approved_at", "is", null)
    .where("r.requested_by", "<>", name)
    .where(withinScope(scope, sql.ref("c.region")))
    .orderBy("r.requested_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.request_id,
    caseId: row.case_id,
    what: null,
    by: row.requested_by,
    severity: row.highest_severity,
    region: row.region,
    since: formatInstant(row.requested_at.getTime()),
    dueAt: null,
  }));
}

/** Persons whom no SMS reaches, each by the latest case; the longest waiting first. */
export async function waitingCalls({ tables, scope, limit }: Looking): Promise<NeedItem[]> {
  const rows = await tables
    .selectFrom("sms_escalations as e")
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom("cases")
          .select(["case_id", "region", "highest_severity"])
          .whereRef("cases.person_key", "=", "e.person_key")
          .orderBy("ordinal", "desc")
          .limit(1)
          .as("c"),
      (join) => join.onTrue(),
    )
    .select(["e.escalation_id", "e.created_at", "c.case_id", "c.region", "c.highest_severity"])
    .where("e.done_at", "is", null)
    .where(withinScope(scope, sql.ref("c.region")))
    .orderBy("e.created_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.escalation_id,
    caseId: row.case_id,
    what: null,
    by: null,
    severity: row.highest_severity,
    region: row.region,
    since: formatInstant(row.created_at.getTime()),
    dueAt: null,
  }));
}
