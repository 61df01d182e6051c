/** `kadun rebuild` over servers, killed in between: the same tables, no SMS again. The roles concerned end here. */

import { readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { Kysely } from "kysely";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { isAlertsRebuilding } from "../../services/alerts/empty-tables.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { commandJson } from "./command-json.js";
import type { FaultWorld } from "./fault-world.js";
import { killedCommand } from "./killed-command.js";
import { until } from "./until.js";

const LOOK_EVERY_MS = 10;

/** @returns the hashes of all tables. */
export async function alertsMadeAgain({ kadun, servers }: FaultWorld) {
  const { cluster } = kadun;
  const outbox = readFileSync(cluster.outbox);
  const { before } = await commandJson(cluster, "rebuild", "alerts", "--dry-run", "--json");
  await killedCommand(cluster, ["rebuild", "alerts"], () => halfMade(servers.postgres.url));
  const again = await commandJson(cluster, "rebuild", "alerts", "--json");
  expect(again).toMatchObject({ rebuilt: true, isUnderWay: true, after: before });
  expect(readFileSync(cluster.outbox).equals(outbox)).toBe(true);
  return before;
}

/**
 * @param before of what the analytics role had made.
 * @param inserts the one with which it is killed.
 */
export async function rowsMadeAgain(
  { kadun, servers }: FaultWorld,
  before: Reconciliation,
  inserts: number,
): Promise<void> {
  const { cluster } = kadun;
  await killedCommand(cluster, ["rebuild", "analytics"], () =>
    servers.clickhouse.next("begun", "insert", inserts),
  );
  const again = await commandJson(cluster, "rebuild", "analytics", "--json");
  expect(again).toMatchObject({ rebuilt: true, underWay: expect.any(String), after: before });
}

/** Emptied, and some of it is there again. */
async function halfMade(postgresUrl: string): Promise<void> {
  const database = await openPostgresDatabase({ url: postgresUrl });
  try {
    const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
    const look = async () => {
      if (!(await isAlertsRebuilding(database))) return false;
      return (await tables.selectFrom("judged_swipes").select("event_id").limit(1).execute()).length > 0;
    };
    await until("alerts are half made again", look, LOOK_EVERY_MS);
  } finally {
    await database.close();
  }
}
