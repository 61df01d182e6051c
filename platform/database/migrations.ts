/**
 * Numbered migrations: `NNN-name.sql` in one folder, applied in order, each remembered with the hash of its text.
 *
 * 1. All that is missing is applied in one transaction: a database is at a number or at the one before the call.
 * 2. A migration that was applied is never edited: a changed text is an error, as is one that a newer release applied.
 * 3. Two processes starting at once apply each migration once (advisory lock).
 */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dialect, Kysely, sql, type Transaction } from "kysely";
import { DatabaseError } from "./database.js";

const FILE_NAME = /^(\d{3})-[a-z0-9-]+\.sql$/;
/** Any number that nothing else in the database locks. */
const LOCK_NUMBER = 4_820_261;

interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

interface MigrationTables {
  readonly schema_migrations: {
    readonly number: number;
    readonly name: string;
    readonly sha256: string;
  };
}

/** Brings the database to the folder's last migration. @returns the names applied now. @throws DatabaseError. */
export async function migrate(dialect: Dialect, folder: string): Promise<readonly string[]> {
  const files = await migrationFiles(folder);
  const database = new Kysely<MigrationTables>({ dialect });
  return database.transaction().execute(async (transaction) => {
    // Waiting for another process, or a large table, may take longer than any statement of a service.
    await sql.raw("set local statement_timeout = 0").execute(transaction);
    await sql`select pg_advisory_xact_lock(${LOCK_NUMBER}::bigint)`.execute(transaction);
    const missing = missingOf(files, await appliedIn(transaction));
    for (const file of missing) await apply(transaction, file);
    return missing.map(({ name }) => name);
  });
}

async function migrationFiles(folder: string): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const files = await Promise.all(names.map((name) => readMigration(folder, name)));
  files.forEach(({ number, name }, i) => {
    if (number !== i + 1)
      throw new DatabaseError(
        "MIGRATION_MISSING",
        `${folder}: ${name} stands where ${String(i + 1).padStart(3, "0")} is expected; numbers run from 001 without gaps`,
      );
  });
  return files;
}

async function readMigration(folder: string, name: string): Promise<MigrationFile> {
  const number = Number(FILE_NAME.exec(name)?.[1] ?? Number.NaN);
  // Line ends are the checkout's, not the migration's.
  const text = (await readFile(join(folder, name), "utf8")).replaceAll("\r\n", "\n");
  return { number, name, text, sha256: createHash("sha256").update(text).digest("hex") };
}

async function appliedIn(transaction: Transaction<MigrationTables>) {
  await sql`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`.execute(transaction);
  return transaction
    .selectFrom("schema_migrations")
    .select(["number", "name", "sha256"])
    .orderBy("number")
    .execute();
}

function missingOf(
  files: readonly MigrationFile[],
  applied: readonly MigrationTables["schema_migrations"][],
): readonly MigrationFile[] {
  for (const { number, name, sha256 } of applied) {
    const file = files[number - 1];
    if (file === undefined)
      throw new DatabaseError(
        "MIGRATION_NEWER",
        `the database holds migration ${name}, this program knows ${files.length}: install the newer release`,
      );
    if (file.sha256 !== sha256)
      throw new DatabaseError(
        "MIGRATION_CHANGED",
        `migration ${file.name} is not what was applied as ${name}: restore its text and put the change in a new migration`,
      );
  }
  return files.slice(applied.length);
}

async function apply(transaction: Transaction<MigrationTables>, file: MigrationFile): Promise<void> {
  try {
    await sql.raw(file.text).execute(transaction);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError("MIGRATION_FAILED", `migration ${file.name}: ${said}`, { cause });
  }
  const { number, name, sha256 } = file;
  await transaction.insertInto("schema_migrations").values({ number, name, sha256 }).execute();
}
