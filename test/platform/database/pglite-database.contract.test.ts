import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { describeDatabase } from "../../contract/database.contract.js";
import { newDatabase } from "../../support/new-database.js";

describeDatabase("PGlite", {
  create: async () => {
    const folder = mkdtempSync(join(tmpdir(), "kadun-database-"));
    const path = await newDatabase(join(folder, "postgres"));
    return {
      open: () => openPgliteDatabase({ path }),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});
