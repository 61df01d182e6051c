/**
 * The code by which a cardholder knows his case: `K7M2-Q9XW`. It stands in an SMS and is typed on the cardholder's page.
 *
 * 1. Random, never derived: nobody who knows other codes or keys can count on to the next one.
 * 2. Once given it stays, also where cases are made again from the log.
 * 3. 32 signs in 8 places are 2^40 codes. That is not a password: docs/citizen-pages.md says what else is asked and how
 *    often.
 */

import { randomInt } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";

/** Without I, L, O and U: nothing to be mistaken for 1 and 0, and no words. */
export const CASE_CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HALF_LENGTH = 4;

export interface CaseCodeTables {
  case_codes: { case_id: string; code: string };
}

/** Codes of these cases; those that have none get one. @param newCode another than the ones there are; tests make them. */
export async function codesOf<Tables>(
  transaction: Transaction<Tables>,
  caseIds: readonly string[],
  newCode: () => string = randomCode,
): Promise<ReadonlyMap<string, string>> {
  const trx = transaction as unknown as Transaction<CaseCodeTables>;
  for (;;) {
    const known = await storedCodes(trx, caseIds);
    const missing = [...new Set(caseIds)].filter((caseId) => !known.has(caseId));
    if (missing.length === 0) return known;
    // A code that is taken already is none: those cases draw again.
    await sql`
      insert into case_codes (case_id, code)
      select case_id, code from json_to_recordset(${JSON.stringify(
        missing.map((case_id) => ({ case_id, code: newCode() })),
      )}::text::json) as drawn(case_id text, code text)
      on conflict do nothing`.execute(trx);
  }
}

/** @returns null where no case has it. @param code as it is stored. */
export async function caseIdOfCode<Tables>(database: Kysely<Tables>, code: string): Promise<string | null> {
  const row = await (database as unknown as Kysely<CaseCodeTables>)
    .selectFrom("case_codes")
    .select("case_id")
    .where("code", "=", code)
    .executeTakeFirst();
  return row?.case_id ?? null;
}

async function storedCodes(trx: Transaction<CaseCodeTables>, caseIds: readonly string[]) {
  if (caseIds.length === 0) return new Map<string, string>();
  const rows = await trx
    .selectFrom("case_codes")
    .selectAll()
    .where("case_id", "=", sql<string>`any(${caseIds}::text[])`)
    .execute();
  return new Map(rows.map(({ case_id, code }) => [case_id, code]));
}

function randomCode(): string {
  const half = () =>
    Array.from({ length: HALF_LENGTH }, () => CASE_CODE_SIGNS[randomInt(CASE_CODE_SIGNS.length)]).join("");
  return `${half()}-${half()}`;
}
