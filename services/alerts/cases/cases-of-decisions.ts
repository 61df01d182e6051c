/** In which case a decision's alerts are. */

import { Kysely } from "kysely";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { AlertsTables } from "../tables.js";

/** Of one question: the examples of a backtest are some dozens. */
export const DECISIONS_MAX = 1_000;

/** decisionId → caseId; decisions without an alert are not there. */
export async function casesOfDecisions(
  { dialect }: Pick<OpenDatabase, "dialect">,
  decisionIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (decisionIds.length === 0) return new Map();
  const rows = await new Kysely<AlertsTables>({ dialect })
    .selectFrom("alerts")
    .select(["decision_id", "case_id"])
    .where("decision_id", "in", decisionIds.slice(0, DECISIONS_MAX))
    .execute();
  return new Map(
    rows.flatMap(({ decision_id, case_id }) => (decision_id === null ? [] : [[decision_id, case_id]])),
  );
}
