/** dist/database: the office's new database with all its tables, packed (platform/database/pglite/packed-folder.ts). */

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newDatabaseFile } from "../cli/embedded/new-database-file.js";
import { packageRoot } from "../cli/package-root.js";
import { migrate } from "../platform/database/migrations.js";
import { packNewDatabase } from "../platform/database/pglite/packed-folder.js";
import { makeOf } from "./made-of.js";

const MIGRATIONS = "schemas/postgres";
/** The lock file names the release of PGlite. */
const SOURCES = ["tools/build-database.ts", "platform/database", MIGRATIONS, "package-lock.json"];

await makeOf(dirname(newDatabaseFile), SOURCES, async () => {
  const packed = await packNewDatabase((dialect) => migrate(dialect, join(packageRoot, MIGRATIONS)));
  writeFileSync(newDatabaseFile, packed);
});
