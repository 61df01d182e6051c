/** Rings are planted, and the alerts role is killed between two patrols. Rows are there first: the load pauses for them. */

import { expect } from "@jest/globals";
import type { Kysely } from "kysely";
import { auditResult } from "../../schemas/national/audit-result.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { withAlertsTables } from "./alerts-tables.js";
import type { FaultWorld } from "./fault-world.js";
import { type Planted, storedFindings } from "./planted-rings.js";
import { until } from "./until.js";

/** Of each query while patrols run: the end comes between two of them. */
const SLOW_MS = 200;
const LOOK_EVERY_MS = 10;
const RUN = "/v1/patrols/run";

export function killInMidPatrol(world: FaultWorld, rings: Planted): Promise<void> {
  return withAlertsTables(world.servers.postgres.url, (tables) => kill(world, rings, tables));
}

async function kill(world: FaultWorld, rings: Planted, tables: Kysely<AlertsTables>): Promise<void> {
  const { kadun, load, servers } = world;
  const { clickhouse } = servers;
  const found = async () => (await storedFindings(tables, rings)).length;
  await clickhouse.plan({ kind: "slow", ms: SLOW_MS }, "query", Number.MAX_SAFE_INTEGER);
  for (const line of rings.lines) await load.send(line);
  await world.quiet();
  const alerts = kadun.only("alerts");
  kadun.expectEnd(alerts);
  const patrolling = until("patrols run until their process ends", async () => {
    await alerts.fetch("POST", RUN);
    return !alerts.isRunning;
  });
  await until("some rings are found", async () => (await found()) > 0, LOOK_EVERY_MS);
  await alerts.kill();
  await patrolling;
  expect(await found()).toBeLessThan(rings.expected.length);
  await clickhouse.clearPlans();
  await kadun.startRole("alerts");
  load.start();
}

/** Each is one finding with one alert in its subject's one open case, and so it is told to other systems. */
export async function expectRings({ servers, kadun }: FaultWorld, rings: Planted): Promise<void> {
  const found = await withAlertsTables(servers.postgres.url, (tables) =>
    until("all rings are found", async () => {
      const stored = await storedFindings(tables, rings);
      return stored.length >= rings.expected.length && stored;
    }),
  );
  expect(found.map(({ name }) => name)).toEqual(rings.expected);
  const exported = await kadun.cluster.command(["alerts", "export", "--shape", "3101", "--postgres"]);
  const results = exported
    .trim()
    .split("\n")
    .map((line) => auditResult.parse(JSON.parse(line)));
  for (const { findingId, patrol, caseIds, openCases } of found) {
    expect({ findingId, alerts: caseIds.length, openCases }).toEqual({ findingId, alerts: 1, openCases: 1 });
    expect(results.filter(({ vola_evid }) => vola_evid.includes(findingId))).toEqual([
      expect.objectContaining({ rule_id: patrol, task_id: caseIds[0], patn_id: null, sev_deg: "高度可疑" }),
    ]);
  }
}
