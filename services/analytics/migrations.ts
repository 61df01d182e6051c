/**
 * Tables of the analytics database, by numbered files `NNN-name.sql`.
 *
 * Owns: the table `schema_migrations`.
 *
 * 1. Files are applied in order and never edited afterwards: a changed one, and a database that knows more files than
 *    this program, stop the start.
 * 2. ClickHouse has no transaction over statements: each statement can be run again (`IF NOT EXISTS`), and a file is
 *    noted when its last statement is done.
 */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { integerIn, textIn } from "./row-values.js";

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

export type MigrationErrorCode = "FILES_INVALID" | "SCHEMA_NEWER" | "MIGRATION_CHANGED";

export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly retryable = false;
  constructor(
    readonly code: MigrationErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const FILE_NAME = /^(\d{3})-[a-z0-9-]+\.sql$/;

/** The files of a directory. @throws MigrationError FILES_INVALID where the numbers are not 1, 2, 3 … */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  if (names.length === 0)
    throw new MigrationError("FILES_INVALID", `${directory}: no .sql files; expected 001-….sql and so on`);
  return Promise.all(names.map((name, index) => readMigration(directory, name, index + 1)));
}

async function readMigration(directory: string, name: string, version: number): Promise<Migration> {
  const number = FILE_NAME.exec(name)?.[1];
  if (Number(number) !== version)
    throw new MigrationError(
      "FILES_INVALID",
      `${join(directory, name)}: expected ${String(version).padStart(3, "0")}-….sql; numbers have no gaps and occur once`,
    );
  const text = await readFile(join(directory, name), "utf8");
  return {
    version,
    name,
    sha256: createHash("sha256").update(text).digest("hex"),
    statements: statementsOf(text),
  };
}

/** A statement ends with a semicolon at the end of a line. */
function statementsOf(text: string): readonly string[] {
  return text
    .split(/;[ \t]*$/m)
    .map((statement) => statement.replace(/^\s*--.*$/gm, "").trim())
    .filter((statement) => statement !== "");
}

/** Applies what is missing; returns the versions applied. @throws MigrationError, AnalyticsError. */
export async function migrate(
  database: AnalyticsDatabase,
  migrations: readonly Migration[],
  appliedAt: () => number,
): Promise<readonly number[]> {
  await database.run(APPLIED_TABLE);
  const applied = await readApplied(database);
  checkApplied(applied, migrations);
  const missing = migrations.filter(({ version }) => !applied.has(version));
  for (const migration of missing) await apply(database, migration, appliedAt());
  return missing.map(({ version }) => version);
}

const APPLIED_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
(version UInt32, name String, sha256 String, appliedAt DateTime64(3, 'Asia/Shanghai'))
ENGINE = ReplacingMergeTree ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

interface Applied {
  readonly name: string;
  readonly sha256: string;
}

async function readApplied(database: AnalyticsDatabase): Promise<ReadonlyMap<number, Applied>> {
  const rows = await database.query(
    "SELECT version, name, sha256 FROM schema_migrations FINAL ORDER BY version",
  );
  return new Map(
    rows.map((row) => [
      integerIn(row, "version"),
      { name: textIn(row, "name"), sha256: textIn(row, "sha256") },
    ]),
  );
}

function checkApplied(applied: ReadonlyMap<number, Applied>, migrations: readonly Migration[]): void {
  for (const [version, { name, sha256 }] of applied) {
    const known = migrations.find((migration) => migration.version === version);
    if (known === undefined)
      throw new MigrationError(
        "SCHEMA_NEWER",
        `the analytics database has migration ${name}, this program knows ${migrations.length}: install the newer release`,
      );
    if (known.sha256 !== sha256)
      throw new MigrationError(
        "MIGRATION_CHANGED",
        `migration ${known.name} was applied as ${sha256.slice(0, 12)} and is now ${known.sha256.slice(0, 12)}: restore the file and add a new one with the next number`,
      );
  }
}

async function apply(database: AnalyticsDatabase, migration: Migration, appliedAtMs: number): Promise<void> {
  for (const statement of migration.statements) await database.run(statement);
  await database.run(
    "INSERT INTO schema_migrations SELECT {version:UInt32}, {name:String}, {sha256:String}, fromUnixTimestamp64Milli({appliedAtMs:Int64})",
    { version: migration.version, name: migration.name, sha256: migration.sha256, appliedAtMs },
  );
}
