/**
 * The folder of a new database as PGlite makes it, copied: to make one takes three seconds of the processor, and many
 * suites begin with it. That a database is made where there is none is tested in pglite-database.test.ts.
 */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";

const modules = join(packageRoot, "node_modules");
const manifest = readFileSync(join(modules, "@electric-sql", "pglite", "package.json"), "utf8");
/** One for each release; `npm ci` removes it. */
const model = join(modules, ".cache", "kadun", `pglite-${JSON.parse(manifest).version}`);

/** @returns the path, where a database without tables lies now. */
export async function newDatabase(path: string): Promise<string> {
  if (!existsSync(model)) await makeModel();
  cpSync(model, path, { recursive: true });
  return path;
}

/** Beside its place: of several processes one is first. */
async function makeModel(): Promise<void> {
  mkdirSync(dirname(model), { recursive: true });
  const folder = mkdtempSync(`${model}.`);
  try {
    const draft = join(folder, "postgres");
    await (await openPgliteDatabase({ path: draft })).close();
    renameSync(draft, model);
  } catch (error) {
    if (!existsSync(model)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
