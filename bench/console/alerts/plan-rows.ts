/** How many rows PostgreSQL took out of tables and indexes for a statement, by its own count (EXPLAIN ANALYZE). */

import * as z from "zod";

const node = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Index Name": z.string().optional(),
  "Actual Rows": z.number(),
  "Actual Loops": z.number(),
  "Rows Removed by Filter": z.number().optional(),
  "Rows Removed by Index Recheck": z.number().optional(),
  get Plans() {
    return z.array(node).optional();
  },
});
type PlanNode = z.infer<typeof node>;

/** With what is asked and thrown away again. Words before the statement. */
export const EXPLAIN = "explain (analyze, timing off, format json) ";
const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

/** @param rows what an explained statement answered. */
export function rowsOfPlan(rows: unknown): number {
  const [row] = explained.parse(rows);
  return Math.round(readBy(row["QUERY PLAN"][0].Plan));
}

/** Rows that were taken and did not fit count too. */
function readBy(plan: PlanNode): number {
  const below = (plan.Plans ?? []).reduce((sum, child) => sum + readBy(child), 0);
  if (plan["Relation Name"] === undefined && plan["Index Name"] === undefined) return below;
  const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  return below + (plan["Actual Rows"] + removed) * plan["Actual Loops"];
}
