/** Findings for whoever looks at them: the latest first, in words. */

import type { Kysely } from "kysely";
import { formatInstant } from "../../../schemas/instant.js";
import type { AlertsTables } from "../tables.js";
import { findingText } from "./finding.js";
import { patrolOf } from "./registry.js";

/** A page of a terminal; the table has them all. */
const FINDINGS_PER_PAGE = 200;

export type FindingPage = Awaited<ReturnType<typeof readFindings>>;

export async function readFindings(database: Kysely<AlertsTables>) {
  const rows = await database
    .selectFrom("patrol_findings")
    .leftJoin("alerts", "alerts.finding_id", "patrol_findings.finding_id")
    .selectAll("patrol_findings")
    .select("alerts.case_id")
    .orderBy("patrol_findings.last_seen_at", "desc")
    .orderBy("patrol_findings.finding_id")
    .limit(FINDINGS_PER_PAGE)
    .execute();
  return rows.map((row) => {
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
      caseId: row.case_id,
      facts: row.facts,
      text: findingText(patrol, { ...row.parameters.settings, ...row.facts }),
      basis: patrol.basis,
      next: patrol.next,
      evidence: row.evidence,
      evidenceCount: row.evidence_count,
      evidenceSha256: row.evidence_sha256,
      querySha256: row.query_sha256,
      parameters: row.parameters,
      firstAt: formatInstant(row.first_at.getTime()),
      lastAt: formatInstant(row.last_at.getTime()),
      firstSeenAt: formatInstant(row.first_seen_at.getTime()),
      lastSeenAt: formatInstant(row.last_seen_at.getTime()),
      timesSeen: Number(row.times_seen),
    };
  });
}
