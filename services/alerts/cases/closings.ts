/**
 * Where closed cases end, so that alerts find their case: today, and when everything is made again.
 *
 * 1. A person's case ends at a place in the journal: how far the decisions of the person's partition were applied when it was
 *    closed. Alerts up to there are its own, those behind it the next case's.
 * 2. Findings of patrols have no place: those of a closed case are named.
 * 3. Of one subject the cases 1 to n are closed and n + 1 may be open. Only the last one is reopened.
 */

import { sql, type Transaction } from "kysely";
import { isAbove, type OutcomePosition } from "../../../schemas/topics.js";
import { alertsProgress } from "../alerts-progress.js";
import type { AlertsTables } from "../tables.js";

type Trx = Transaction<AlertsTables>;

export interface Closing {
  readonly ordinal: number;
  readonly position: OutcomePosition;
}

/** Of these persons, by person, in the order of their cases. */
export async function closingsOf(
  trx: Trx,
  persons: readonly string[],
): Promise<ReadonlyMap<string, readonly Closing[]>> {
  const byPerson = new Map<string, Closing[]>();
  if (persons.length === 0) return byPerson;
  const rows = await trx
    .selectFrom("case_closings")
    .select(["subject_key", "ordinal", "journal_offset", "sequence"])
    .where("subject_kind", "=", "person")
    .where("subject_key", "=", sql<string>`any(${persons}::text[])`)
    .orderBy("ordinal")
    .execute();
  for (const { subject_key, ordinal, journal_offset, sequence } of rows) {
    const position = { journalOffset: journal_offset!, sequence: sequence! };
    byPerson.set(subject_key, [...(byPerson.get(subject_key) ?? []), { ordinal, position }]);
  }
  return byPerson;
}

/** Of the case to which an alert at this place belongs. @param closings of its person, in order. */
export function caseAt(
  closings: readonly Closing[],
  position: OutcomePosition,
): { readonly ordinal: number; readonly status: "open" | "closed" } {
  const own = closings.find((closing) => !isAbove(position, closing.position));
  if (own !== undefined) return { ordinal: own.ordinal, status: "closed" };
  return { ordinal: (closings.at(-1)?.ordinal ?? 0) + 1, status: "open" };
}

/** The case to be closed or reopened. */
export interface ClosableCase {
  readonly caseId: string;
  readonly subjectKind: string;
  readonly subjectKey: string;
  readonly ordinal: number;
  /** Of the journal, where it is a person's. */
  readonly partition: number;
}

/** Consumers of the partition wait until the transaction ends. Take it before rows of the case. */
export async function lockPlace(trx: Trx, { partition }: Pick<ClosableCase, "partition">): Promise<void> {
  await alertsProgress.lock(trx, partition);
}

/** After `lockPlace`. */
export async function closeCase(trx: Trx, found: ClosableCase): Promise<void> {
  const { caseId, subjectKind, subjectKey, ordinal } = found;
  const isPerson = subjectKind === "person";
  const position = isPerson ? await placeOf(trx, found) : null;
  await trx
    .insertInto("case_closings")
    .values({
      case_id: caseId,
      subject_kind: subjectKind,
      subject_key: subjectKey,
      ordinal,
      journal_offset: position?.journalOffset ?? null,
      sequence: position?.sequence ?? null,
    })
    .execute();
  if (!isPerson)
    await sql`
      insert into case_closing_findings (finding_id, case_id)
      select finding_id, case_id from alerts where case_id = ${caseId} and finding_id is not null
      on conflict do nothing`.execute(trx);
  await trx.updateTable("cases").set({ status: "closed" }).where("case_id", "=", caseId).execute();
}

/** Only the latest of its subject. */
export async function reopenCase(trx: Trx, { caseId }: Pick<ClosableCase, "caseId">): Promise<void> {
  await trx.deleteFrom("case_closing_findings").where("case_id", "=", caseId).execute();
  await trx.deleteFrom("case_closings").where("case_id", "=", caseId).execute();
  await trx.updateTable("cases").set({ status: "open" }).where("case_id", "=", caseId).execute();
}

async function placeOf(trx: Trx, { caseId, partition }: ClosableCase): Promise<OutcomePosition> {
  const progress = await alertsProgress.stored(trx, partition);
  const place = progress?.highWater ?? null;
  if (place === null) throw new Error(`case ${caseId}: its partition ${partition} has applied nothing`);
  return place;
}

/** Findings of closed cases: finding, its case. */
export async function closedFindings(
  trx: Trx,
  findingIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await trx
    .selectFrom("case_closing_findings")
    .selectAll()
    .where("finding_id", "=", sql<string>`any(${findingIds}::text[])`)
    .execute();
  return new Map(rows.map(({ finding_id, case_id }) => [finding_id, case_id]));
}

/** Of the subjects' closed cases, the highest ordinal by subject key; keys of other kinds may be among them. */
export async function closedSubjects(
  trx: Trx,
  keys: readonly string[],
): Promise<
  readonly {
    readonly kind: string;
    readonly key: string;
    readonly ordinal: number;
    readonly caseId: string;
  }[]
> {
  const rows = await trx
    .selectFrom("case_closings")
    .selectAll()
    .where("subject_kind", "<>", "person")
    .where("subject_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("ordinal")
    .execute();
  return rows.map(({ subject_kind, subject_key, ordinal, case_id }) => ({
    kind: subject_kind,
    key: subject_key,
    ordinal,
    caseId: case_id,
  }));
}
