import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { describeDatabase } from "../../contract/database.contract.js";

describeDatabase("PGlite", {
  create: async () => {
    const folder = mkdtempSync(join(tmpdir(), "kadun-database-"));
    return {
      open: () => openPgliteDatabase({ path: join(folder, "postgres") }),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});
