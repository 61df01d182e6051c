/** Cases of subjects that are no persons: one open case each, made when a finding of it is new. */

import { sql, type Transaction } from "kysely";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import type { AlertsTables } from "../tables.js";
import { hashOf } from "./finding.js";
import type { SubjectKind } from "./patrol.js";
import { SUBJECT_CASE_COLUMNS, type SubjectCaseRow } from "./patrol-tables.js";

export interface Subject {
  readonly subjectKind: SubjectKind;
  readonly subject: string;
}

/** @returns the open case of each subject, by `subjectName`, and how many were opened. */
export async function openSubjectCases(
  transaction: Transaction<AlertsTables>,
  found: readonly (Subject & { readonly openedAt: string })[],
): Promise<{ readonly caseOf: ReadonlyMap<string, string>; readonly opened: number }> {
  const latest = await latestCases(transaction, found);
  const caseOf = new Map<string, string>();
  const missing: SubjectCaseRow[] = [];
  for (const one of found) {
    const name = subjectName(one);
    if (caseOf.has(name)) continue;
    const stored = latest.get(name);
    const row = newCase(one, (stored?.ordinal ?? 0) + 1);
    if (stored?.status !== "open") missing.push(row);
    caseOf.set(name, stored?.status === "open" ? stored.case_id : row.case_id);
  }
  return { caseOf, opened: await insertMissing(transaction, "cases", SUBJECT_CASE_COLUMNS, missing) };
}

export function subjectName({ subjectKind, subject }: Subject): string {
  return `${subjectKind}\n${subject}`;
}

async function latestCases(transaction: Transaction<AlertsTables>, subjects: readonly Subject[]) {
  const keys = [...new Set(subjects.map(({ subject }) => subject))];
  const rows = await transaction
    .selectFrom("cases")
    .distinctOn(["subject_kind", "subject_key"])
    .select(["subject_kind", "subject_key", "case_id", "ordinal", "status"])
    .where("subject_kind", "<>", "person")
    .where("subject_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("subject_kind")
    .orderBy("subject_key")
    .orderBy("ordinal", "desc")
    .execute();
  return new Map(rows.map((row) => [`${row.subject_kind}\n${row.subject_key}`, row]));
}

function newCase(
  { openedAt, ...subject }: Subject & { readonly openedAt: string },
  ordinal: number,
): SubjectCaseRow {
  const { subjectKind } = subject;
  return {
    // Keys of institutions may hold anything: an id is plain letters.
    case_id: `${subjectKind}-${hashOf(subjectName(subject)).slice(0, 16)}-${ordinal}`,
    subject_kind: subjectKind,
    subject_key: subject.subject,
    ordinal,
    status: "open",
    opened_at: openedAt,
  };
}
