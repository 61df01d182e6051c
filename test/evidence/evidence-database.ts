/** A database with the tables of evidence, for a test file. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely } from "kysely";
import { packageRoot } from "../../cli/package-root.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import type { EvidenceTables, Reads } from "../../services/evidence/tables.js";
import { newMigratedDatabase } from "../support/new-database.js";

export interface EvidenceDatabase {
  readonly database: OpenDatabase;
  readonly tables: Reads;
  close(): Promise<void>;
}

export async function openEvidenceDatabase(): Promise<EvidenceDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-evidence-"));
  const database = await openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) });
  await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
  return {
    database,
    tables: new Kysely<EvidenceTables>({ dialect: database.dialect }),
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
