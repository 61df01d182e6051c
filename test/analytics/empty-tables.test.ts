/** Emptying the analytics database for a rebuild. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import {
  analyticsRebuild,
  dropsOf,
  emptyAnalytics,
  endAnalyticsRebuild,
} from "../../services/analytics/empty-tables.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { MIGRATIONS_DIRECTORY, migratedDatabase, type ScratchDatabase } from "./scratch-database.js";

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await migratedDatabase();
});
afterAll(() => scratch.remove());

test("everything that the migrations made goes, and comes again with them; a mark says what is left to do", async () => {
  const { database } = scratch;
  const migrations = await readMigrations(MIGRATIONS_DIRECTORY);
  const made = await namesIn(database);
  expect(made.length).toBeGreaterThan(8);
  expect(await analyticsRebuild(database)).toBeNull();
  await emptyAnalytics(database, migrations);
  expect(await namesIn(database)).toEqual(["rebuild_filling"]);
  expect(await analyticsRebuild(database)).toBe("filling");
  await migrate(database, migrations, () => 0);
  await endAnalyticsRebuild(database);
  expect(await namesIn(database)).toEqual(made);
  expect(await analyticsRebuild(database)).toBeNull();
});

test("killed after any statement, what was left migrates as if nothing had been", async () => {
  const { database } = scratch;
  const migrations = await readMigrations(MIGRATIONS_DIRECTORY);
  const made = await namesIn(database);
  const drops = dropsOf(migrations);
  for (const count of [1, 2, Math.floor(drops.length / 2), drops.length - 1]) {
    for (const statement of drops.slice(0, count)) await database.run(statement);
    await migrate(database, migrations, () => 0);
    expect(await namesIn(database)).toEqual(made);
  }
});

async function namesIn(database: AnalyticsDatabase): Promise<readonly unknown[]> {
  const rows = await database.query(
    "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
  );
  return rows.map(({ name }) => name);
}
