/**
 * Tables as a Kadun that has raised so many alerts would have them, made by PostgreSQL itself: seeded, some hundred thousand alerts
 * every few seconds. Not judged and not worked on by anybody: for queries, which ask what is there.
 */

import { type QueryExecutorProvider, sql } from "kysely";
import { type AlertsFillOptions, BLOCK_CASES, casesOf } from "./case-numbers.js";
import { appealStatements } from "./fill-appeals.js";
import { caseStatements, FINDING_QUERIES, findingStatements } from "./fill-cases.js";
import { fewStatements } from "./fill-few.js";
import { holderStatements } from "./fill-holders.js";
import { workStatements } from "./fill-work.js";

/** 40,000 alerts: a second or two of the engine, some 100 MB of its memory. */
const CASES_PER_STEP = 40 * BLOCK_CASES;

/** Tables are migrated and empty. @throws DatabaseError. */
export async function fillAlerts(
  tables: QueryExecutorProvider,
  options: AlertsFillOptions,
  progress: (alerts: number) => void = () => {},
): Promise<void> {
  const cases = casesOf(options);
  const run = (statement: string) => sql.raw(statement).execute(tables);
  await run(FINDING_QUERIES);
  for (let first = 0; first < cases; first += CASES_PER_STEP) {
    const range = { first, end: Math.min(cases, first + CASES_PER_STEP) };
    for (const statementsOf of [
      caseStatements,
      findingStatements,
      workStatements,
      holderStatements,
      appealStatements,
    ])
      for (const statement of statementsOf(options, range)) await run(statement);
    progress((range.end / cases) * options.alerts);
  }
  for (const statement of fewStatements()) await run(statement);
  // As PostgreSQL does by itself.
  await sql`analyze`.execute(tables);
}
