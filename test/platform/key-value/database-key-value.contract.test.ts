import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { openDatabaseKeyValue } from "../../../platform/key-value/database/database-key-value.js";
import { describeKeyValue } from "../../contract/key-value.contract.js";
import { newDatabase } from "../../support/new-database.js";

const folder = mkdtempSync(join(tmpdir(), "kadun-key-value-"));
let database: OpenDatabase;
beforeAll(async () => {
  database = await openPgliteDatabase({ path: await newDatabase(join(folder, "postgres")) });
  await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const beside = { lacks: "a PGlite folder belongs to one process" };

describeKeyValue("the store on PGlite", {
  beside,
  create: async () => {
    const namespace = randomUUID();
    return {
      open: async () => openDatabaseKeyValue({ database, namespace }),
      beside,
      remove: async () => {},
    };
  },
});
