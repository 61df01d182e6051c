import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely } from "kysely";
import { migratePostgres } from "../../../cli/process/alerts-process.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { type CaseCodeTables, caseIdOfCode, codesOf } from "../../../services/alerts/cases/case-code.js";
import { newMigratedDatabase } from "../../support/new-database.js";

let folder: string;
let database: OpenDatabase;
let tables: Kysely<CaseCodeTables>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-codes-"));
  database = await openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) });
  await migratePostgres(database);
  tables = new Kysely({ dialect: database.dialect });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const codes = (caseIds: readonly string[], newCode?: () => string) =>
  tables.transaction().execute((trx) => codesOf(trx, caseIds, newCode));

describe("case codes", () => {
  it("are given once and stay", async () => {
    const first = await codes(["a-1", "a-2", "a-1"]);
    expect([...first.keys()].sort()).toEqual(["a-1", "a-2"]);
    for (const code of first.values()) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(await codes(["a-2", "a-1"])).toEqual(first);
    expect(await caseIdOfCode(tables, first.get("a-2")!)).toBe("a-2");
    expect(await caseIdOfCode(tables, "0000-0000")).toBeNull();
  });

  it("are drawn again where another case has the code already", async () => {
    const drawn = ["AAAA-0001", "AAAA-0001", "AAAA-0001", "AAAA-0002"];
    const given = await codes(["b-1", "b-2"], () => drawn.shift()!);
    expect([...given.values()].sort()).toEqual(["AAAA-0001", "AAAA-0002"]);
    expect(drawn).toEqual([]);
  });
});
