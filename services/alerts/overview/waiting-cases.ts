/** What waits at cases: proposals for a second person, packages for a second person, persons to be phoned. Bounded reads. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { Severity } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { OverviewTables } from "./overview-tables.js";
import { type Waiting, waitingList } from "./waiting-list.js";
import { ofEachRange, withinScope } from "./within-scope.js";

export interface Looking {
  readonly tables: Kysely<OverviewTables>;
  readonly name: string;
  readonly scope: Scope;
  readonly nowMs: number;
}

/** Of one kind, in the order of their index: beside those that a person may do something about lie other regions' and own ones. */
export const WAITING_LOOKED_AT_MAX = 2_000;

/** Of others; the one that lapses first comes first. */
export function waitingProposals({ tables, name, scope, nowMs }: Looking): Promise<Waiting> {
  const found = tables
    .selectFrom((from) =>
      from
        .selectFrom("case_proposals")
        .select(["case_id", "to_state", "proposed_by", "proposed_at", "expires_at"])
        .where("status", "=", "open")
        .where("expires_at", ">", new Date(nowMs))
        .orderBy("expires_at")
        .limit(WAITING_LOOKED_AT_MAX)
        .as("p"),
    )
    .innerJoinLateral(
      (from) =>
        from
          .selectFrom("cases")
          .select(["highest_severity", "region"])
          .whereRef("case_id", "=", "p.case_id")
          .limit(1)
          .as("c"),
      (join) => join.onTrue(),
    )
    .selectAll("p")
    .select(["c.highest_severity", "c.region"])
    .where("p.proposed_by", "<>", name)
    .where(withinScope(scope, sql.ref("c.region")));
  return waitingList(tables, {
    found,
    order: sql.ref("expires_at"),
    itemOf: (row) => ({
      id: row.case_id,
      caseId: row.case_id,
      what: row.to_state,
      by: row.proposed_by,
      severity: row.highest_severity,
      region: row.region,
      since: formatInstant(row.proposed_at.getTime()),
      dueAt: formatInstant(row.expires_at.getTime()),
    }),
  });
}

interface OpenRequest {
  readonly request_id: string;
  readonly case_id: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly region: string;
  /** Null while the case is being made again from the log. */
  readonly highest_severity: Severity | null;
}

/** Asked by others. */
export function waitingUnmaskings({ tables, name, scope }: Looking): Promise<Waiting> {
  const open = ofEachRange(
    scope,
    (within) => sql`select request_id, case_id, requested_by, requested_at, region from evidence_requests
      where ${within} and approved_at is null order by requested_at limit ${sql.lit(WAITING_LOOKED_AT_MAX)}`,
  );
  const found = sql<OpenRequest>`
    select * from (${open}) open where requested_by <> ${name} and ${withinScope(scope, sql.ref("region"))}`;
  return waitingList(tables, {
    found,
    order: sql.ref("requested_at"),
    lookedUp: sql`select highest_severity from cases where case_id = shown.case_id limit 1`,
    itemOf: (row) => ({
      id: row.request_id,
      caseId: row.case_id,
      what: null,
      by: row.requested_by,
      severity: row.highest_severity,
      region: row.region,
      since: formatInstant(row.requested_at.getTime()),
      dueAt: null,
    }),
  });
}

interface OpenCall {
  readonly escalation_id: string;
  readonly person_key: string;
  readonly created_at: Date;
}

/** Persons whom no SMS reaches, each by the latest case; the longest waiting first. */
export function waitingCalls({ tables, scope }: Looking): Promise<Waiting> {
  const open = ofEachRange(
    scope,
    (within) => sql`select escalation_id, person_key, created_at from sms_escalations
      where ${within} and done_at is null order by created_at limit ${sql.lit(WAITING_LOOKED_AT_MAX)}`,
  );
  const found = tables
    .selectFrom(sql<OpenCall>`(select * from (${open}) open order by created_at)`.as<"e">(sql.ref("e")))
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
    .where(withinScope(scope, sql.ref("c.region")));
  return waitingList(tables, {
    found,
    order: sql.ref("created_at"),
    itemOf: (row) => ({
      id: row.escalation_id,
      caseId: row.case_id,
      what: null,
      by: null,
      severity: row.highest_severity,
      region: row.region,
      since: formatInstant(row.created_at.getTime()),
      dueAt: null,
    }),
  });
}
