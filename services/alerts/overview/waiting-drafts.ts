/** Drafts of rules that another wrote and nobody has approved. Versions are hundreds in years: one a change of rules. */

import { sql } from "kysely";
import { formatInstant } from "../../../schemas/instant.js";
import type { Looking } from "./waiting-cases.js";
import { type Waiting, waitingList } from "./waiting-list.js";

/** @returns the latest first; drafts older than what runs are nobody's need any more. */
export function waitingDrafts({ tables, name }: Looking): Promise<Waiting> {
  const found = tables
    .selectFrom("bundle_versions as v")
    .select(["v.version", "v.author", "v.created_at"])
    .where("v.origin", "=", "draft")
    .where("v.withdrawn_at", "is", null)
    .where("v.author", "<>", name)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("bundle_approvals as a").whereRef("a.version", "=", "v.version").select("a.person"),
        ),
      ),
    )
    .where(sql<boolean>`v.version > (select coalesce(max(version), 0) from bundle_activations)`);
  return waitingList(tables, {
    found,
    order: sql`version desc`,
    itemOf: (row) => ({
      id: String(row.version),
      caseId: null,
      what: String(row.version),
      by: row.author,
      severity: null,
      region: "",
      since: formatInstant(row.created_at.getTime()),
      dueAt: null,
    }),
  });
}
