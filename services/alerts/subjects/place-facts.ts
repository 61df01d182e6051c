/** Findings and cases of an institution, with those of its terminals and operators; or of one terminal. */

import { type Kysely, sql } from "kysely";
import type { Scope } from "../../../schemas/console/access.js";
import type { FindingSummary, SubjectCase } from "../../../schemas/http/subjects.js";
import type { AlertsTables } from "../tables.js";
import { casesWhere } from "./subject-cases.js";
import { findingPage } from "./subject-findings.js";

/** Cases of what is not a person come of findings: those of the latest findings are looked up. */
const FINDINGS_LOOKED_AT_MAX = 500;

export interface Place {
  readonly institutionId: string;
  /** null: the whole institution. */
  readonly terminalId: string | null;
}

export async function placeFacts(
  tables: Kysely<AlertsTables>,
  { institutionId, terminalId }: Place,
  scope: Scope,
): Promise<{ readonly findings: readonly FindingSummary[]; readonly cases: readonly SubjectCase[] }> {
  const subject = terminalId === null ? null : `${institutionId}/${terminalId}`;
  const any = { scope, patrol: null, severity: null, after: null } as const;
  const { findings } = await findingPage(
    tables,
    subject === null
      ? { ...any, subjectKind: null, institutionId }
      : { ...any, subjectKind: "terminal", subject, institutionId },
  );
  const { rows } = await sql<{ case_id: string }>`
    select distinct a.case_id from (
      select finding_id from patrol_findings
      where institution_id = ${institutionId} and (${subject}::text is null or subject_key = ${subject})
      order by last_seen_at desc, finding_id desc limit ${FINDINGS_LOOKED_AT_MAX}
    ) latest join alerts a on a.finding_id = latest.finding_id`.execute(tables);
  const cases = await casesWhere(
    tables,
    rows.map(({ case_id }) => case_id),
    scope,
  );
  return { findings, cases };
}
