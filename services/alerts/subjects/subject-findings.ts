/** What patrols found, for the console: page by page, and one whole. */

import { type Kysely, sql } from "kysely";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import type { FindingDetail, FindingPage, FindingSummary } from "../../../schemas/http/subjects.js";
import { formatInstant } from "../../../schemas/instant.js";
import { findingText } from "../patrol/finding.js";
import { patrolOf } from "../patrol/registry.js";
import type { AlertsTables } from "../tables.js";
import { cursorOf, type FindingsFilter, searchFindings } from "./finding-search.js";

/** The latest seen first. */
export async function findingPage(
  tables: Kysely<AlertsTables>,
  filter: FindingsFilter,
): Promise<FindingPage> {
  const { shown, last } = await searchFindings(tables, filter);
  const ids = shown.map(({ finding_id }) => finding_id);
  const rows = ids.length === 0 ? [] : await summaries(tables, ids).execute();
  return {
    findings: rows.map(summaryOf),
    after: last === undefined ? null : cursorOf(last),
    searchedTo: last === undefined ? null : formatInstant(last.last_seen_at.getTime()),
  };
}

/** null where there is none within the scope. */
export async function findingDetail(
  tables: Kysely<AlertsTables>,
  findingId: string,
  scope: Scope,
): Promise<FindingDetail | null> {
  const row = await summaries(tables, [findingId])
    .innerJoin("patrol_queries as q", "q.query_sha256", "f.query_sha256")
    .select(["q.query", "f.query_sha256", "f.evidence", "f.evidence_sha256"])
    .executeTakeFirst();
  if (row === undefined || !isInScope(scope, row.region)) return null;
  const { sees, basis, next } = patrolOf(row.patrol);
  const { settings, query } = row.parameters;
  return {
    ...summaryOf(row),
    sees: { ...sees },
    basis: { ...basis },
    next: { ...next },
    facts: { ...row.facts },
    parameters: { settings: { ...settings }, query: { ...query } },
    query: row.query,
    querySha256: row.query_sha256,
    evidenceSha256: row.evidence_sha256,
    evidence: row.evidence.map(({ atMs, eventId, personKey, institutionId }) => ({
      at: formatInstant(atMs),
      eventId,
      personKey,
      institutionId,
    })),
  };
}

/**
 * Without evidence and query, which a list does not show: both may be long. Each is looked up by its key: given as a list,
 * PostgreSQL may read all of an index for them.
 */
function summaries(tables: Kysely<AlertsTables>, ids: readonly string[]) {
  return tables
    .selectFrom(sql<{ id: string }>`unnest(${[...ids]}::text[])`.as<"asked">(sql`asked(id)`))
    .innerJoinLateral(
      (from) =>
        from
          .selectFrom("patrol_findings")
          .select(["finding_id", "patrol", "subject_kind", "subject_key", "window_key", "severity"])
          .select(["institution_id", "facts", "parameters", "evidence_count", "times_seen"])
          .select(["first_at", "last_at", "first_seen_at", "last_seen_at"])
          .select(["query_sha256", "evidence", "evidence_sha256", sql<string>`region`.as("region")])
          .whereRef("finding_id", "=", "asked.id")
          .limit(1)
          .as("f"),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (from) =>
        from.selectFrom("alerts").select("case_id").whereRef("finding_id", "=", "asked.id").limit(1).as("a"),
      (join) => join.onTrue(),
    )
    .select(["f.finding_id", "f.patrol", "f.subject_kind", "f.subject_key", "f.window_key", "f.severity"])
    .select(["f.institution_id", "f.facts", "f.parameters", "f.evidence_count", "f.times_seen"])
    .select(["f.first_at", "f.last_at", "f.first_seen_at", "f.last_seen_at", "a.case_id", "f.region"])
    .orderBy("f.last_seen_at", "desc")
    .orderBy("f.finding_id", "desc");
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaries>["executeTakeFirstOrThrow"]>>;

function summaryOf(row: SummaryRow): FindingSummary {
  const patrol = patrolOf(row.patrol);
  return {
    findingId: row.finding_id,
    patrol: row.patrol,
    name: patrol.name,
    subjectKind: row.subject_kind,
    subject: row.subject_key,
    window: row.window_key,
    severity: row.severity,
    institutionId: row.institution_id,
    region: row.region,
    caseId: row.case_id,
    text: { ...findingText(patrol, { ...row.parameters.settings, ...row.facts }) },
    evidenceCount: Number(row.evidence_count),
    firstAt: formatInstant(row.first_at.getTime()),
    lastAt: formatInstant(row.last_at.getTime()),
    firstSeenAt: formatInstant(row.first_seen_at.getTime()),
    lastSeenAt: formatInstant(row.last_seen_at.getTime()),
    timesSeen: Number(row.times_seen),
  };
}
