import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";

export const MIGRATIONS_DIRECTORY = resolve("schemas/clickhouse");

export interface ScratchDatabase {
  readonly database: AnalyticsDatabase;
  readonly directory: string;
  /** Closes the database and removes its directory: chdb holds one directory per process. */
  remove(): Promise<void>;
}

export async function scratchDatabase(): Promise<ScratchDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "kadun-analytics-"));
  const database = await openChdbDatabase({ directory });
  return {
    database,
    directory,
    remove: async () => {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function migratedDatabase(): Promise<ScratchDatabase> {
  const scratch = await scratchDatabase();
  await migrate(scratch.database, await readMigrations(MIGRATIONS_DIRECTORY), () => 0);
  return scratch;
}
