/**
 * A new database as one file: its folder with whatever tables it begins with, made once when Kadun is built. To make one from
 * nothing and go through all migrations takes longer, and each first start would wait for it.
 */

import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { type Dialect, Kysely, sql } from "kysely";
import { PGLITE_PARSERS, PgliteDialect } from "./pglite-dialect.js";

/** @returns the folder as tar.gz, of a database in which `begin` was done. @throws as `begin`. */
export async function packNewDatabase(begin: (dialect: Dialect) => Promise<unknown>): Promise<Uint8Array> {
  const pglite = await PGlite.create({ parsers: PGLITE_PARSERS });
  try {
    const dialect = new PgliteDialect(pglite);
    await begin(dialect);
    // Who unpacks it has nothing to recover.
    await sql`checkpoint`.execute(new Kysely<unknown>({ dialect }));
    return new Uint8Array(await (await pglite.dumpDataDir("gzip")).arrayBuffer());
  } finally {
    await pglite.close();
  }
}

/** @returns null, or why the folder is no good: no such file, or one that this release of PGlite does not take. */
export async function unpackFailure(file: string, folder: string): Promise<unknown> {
  try {
    // Here and not in PGlite, which ends the process over a file that was cut.
    const tar = new Blob([gunzipSync(await readFile(file))], { type: "application/x-tar" });
    await (await PGlite.create({ dataDir: folder, loadDataDir: tar })).close();
    return null;
  } catch (error) {
    return error;
  }
}
