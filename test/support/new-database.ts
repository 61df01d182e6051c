/**
 * The folder of a new database as PGlite makes it, copied: to make one takes three seconds of the processor, its tables one
 * and a half more, and many suites begin with it. That a database is made where there is none, or unpacked, is tested in
 * pglite-database.test.ts, that the tables are made in it by whoever starts without in case-regions.test.ts.
 */

import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";

const modules = join(packageRoot, "node_modules");
const migrations = join(packageRoot, "schemas", "postgres");
const manifest = readFileSync(join(modules, "@electric-sql", "pglite", "package.json"), "utf8");
/** One for each release; `npm ci` removes it. */
const model = join(modules, ".cache", "kadun", `pglite-${JSON.parse(manifest).version}`);

/** @returns the path, where a database without tables lies now. */
export async function newDatabase(path: string): Promise<string> {
  if (!existsSync(model)) await makeModel(model, async () => {});
  cpSync(model, path, { recursive: true });
  return path;
}

/** The same with the tables of all migrations as they are now. */
export async function newMigratedDatabase(path: string): Promise<string> {
  const migrated = `${model}-${hashOfMigrations()}`;
  if (!existsSync(migrated))
    await makeModel(migrated, async (draft) => {
      await newDatabase(draft);
      const database = await openPgliteDatabase({ path: draft });
      await migrate(database.dialect, migrations);
      await database.close();
    });
  cpSync(migrated, path, { recursive: true });
  return path;
}

function hashOfMigrations(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(migrations).sort())
    hash.update(name).update(readFileSync(join(migrations, name)));
  return hash.digest("hex").slice(0, 16);
}

/** Beside its place: of several processes one is first. */
async function makeModel(place: string, make: (draft: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(place), { recursive: true });
  const folder = mkdtempSync(`${place}.`);
  try {
    const draft = join(folder, "postgres");
    await make(draft);
    if (!existsSync(draft)) await (await openPgliteDatabase({ path: draft })).close();
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
