/** Subjects that have another name by now (an agent with a new number): what was found of them goes on under the first. */

import { sql, type Transaction } from "kysely";
import type { AlertsTables } from "../tables.js";
import type { Finding } from "./finding.js";

/** The same findings; one that is there under a name its subject had before has that name and id. */
export async function underFirstName<Known extends Finding>(
  transaction: Transaction<AlertsTables>,
  findings: readonly Known[],
): Promise<readonly Known[]> {
  const renamed = findings.filter(({ formerSubjects }) => formerSubjects.length > 0);
  if (renamed.length === 0) return findings;
  const held = await heldUnder(transaction, renamed[0]!.patrol, renamed.flatMap(namesOf));
  return findings.map((finding) => {
    const names = namesOf(finding);
    const first = held.find(
      ({ subject_kind, subject_key, window_key }) =>
        subject_kind === finding.subjectKind && window_key === finding.window && names.includes(subject_key),
    );
    return first === undefined
      ? finding
      : { ...finding, findingId: first.finding_id, subject: first.subject_key };
  });
}

function namesOf({ subject, formerSubjects }: Finding): readonly string[] {
  return [subject, ...formerSubjects];
}

/** The earliest first. */
function heldUnder(
  transaction: Transaction<AlertsTables>,
  patrol: Finding["patrol"],
  names: readonly string[],
) {
  return transaction
    .selectFrom("patrol_findings")
    .select(["finding_id", "subject_kind", "subject_key", "window_key"])
    .where("patrol", "=", patrol)
    .where("subject_key", "=", sql<string>`any(${names}::text[])`)
    .orderBy("first_seen_at")
    .orderBy("finding_id")
    .execute();
}
