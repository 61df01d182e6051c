/** Cases of subjects that are no persons: one open case each, made when a finding of it is new. */

import type { Transaction } from "kysely";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import { closedFindings, closedSubjects } from "../cases/closings.js";
import type { AlertsTables } from "../tables.js";
import { hashOf } from "./finding.js";
import type { SubjectKind } from "./patrol.js";
import { SUBJECT_CASE_COLUMNS, type SubjectCaseRow } from "./patrol-tables.js";

export interface Subject {
  readonly subjectKind: SubjectKind;
  readonly subject: string;
}

export interface PlacedFinding extends Subject {
  readonly findingId: string;
  readonly openedAt: string;
  readonly region: string;
}

/**
 * @returns the case of each finding: the closed one that it was in (all is made again), else its subject's open one. And how
 * many were opened.
 */
export async function openSubjectCases(
  transaction: Transaction<AlertsTables>,
  found: readonly PlacedFinding[],
): Promise<{ readonly caseOf: ReadonlyMap<string, string>; readonly opened: number }> {
  const closed = await closedFindings(
    transaction,
    found.map(({ findingId }) => findingId),
  );
  const closings = await closedSubjects(transaction, [...new Set(found.map(({ subject }) => subject))]);
  const caseOf = new Map<string, string>();
  const rows = new Map<string, SubjectCaseRow>();
  for (const one of found) {
    const ofSubject = closings.filter(({ kind, key }) => kind === one.subjectKind && key === one.subject);
    const own = ofSubject.find(({ caseId }) => caseId === closed.get(one.findingId));
    const row =
      own === undefined
        ? caseRow(one, (ofSubject.at(-1)?.ordinal ?? 0) + 1, "open")
        : caseRow(one, own.ordinal, "closed");
    caseOf.set(one.findingId, row.case_id);
    if (!rows.has(row.case_id)) rows.set(row.case_id, row);
  }
  return {
    caseOf,
    opened: await insertMissing(transaction, "cases", SUBJECT_CASE_COLUMNS, [...rows.values()]),
  };
}

export function subjectName({ subjectKind, subject }: Subject): string {
  return `${subjectKind}\n${subject}`;
}

function caseRow(
  { openedAt, subjectKind, subject, region }: PlacedFinding,
  ordinal: number,
  status: SubjectCaseRow["status"],
): SubjectCaseRow {
  return {
    // Keys of institutions may hold anything: an id is plain letters.
    case_id: `${subjectKind}-${hashOf(subjectName({ subjectKind, subject })).slice(0, 16)}-${ordinal}`,
    subject_kind: subjectKind,
    subject_key: subject,
    ordinal,
    status,
    opened_at: openedAt,
    region,
  };
}
