/** Emptying the tables of alerts for a rebuild. */

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { emptyAlerts, endAlertsRebuild, isAlertsRebuilding } from "../../services/alerts/empty-tables.js";
import { alertsHashes } from "../../services/alerts/table-hashes.js";
import { AlertsDesk, consumeToEnd, logOf } from "./alerts-desk.js";
import { challenged, entries, rejected } from "./outcome-records.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  await endAlertsRebuild(desk.database);
  await desk.empty();
});
afterAll(() => desk.close());

const OUTCOMES = [rejected("s-1"), challenged("s-2"), rejected("s-3")];

test("emptied and read again, tables have the hashes of before, and the ledger what it had", async () => {
  const log = logOf(entries(OUTCOMES));
  await consumeToEnd(log, desk.sink());
  const before = await alertsHashes(desk.database);
  expect(before.alerts.rows).toBe(3);
  await emptyAlerts(desk.database);
  expect(await isAlertsRebuilding(desk.database)).toBe(true);
  const emptied = await alertsHashes(desk.database);
  expect(emptied).toMatchObject({ alerts: { rows: 0 }, cases: { rows: 0 }, sms: before.sms });
  await consumeToEnd(log, desk.sink());
  expect(await alertsHashes(desk.database)).toEqual(before);
  await endAlertsRebuild(desk.database);
  expect(await isAlertsRebuilding(desk.database)).toBe(false);
});

test("a hash tells one changed field", async () => {
  await consumeToEnd(logOf(entries(OUTCOMES)), desk.sink());
  const before = await alertsHashes(desk.database);
  await desk.tables.updateTable("cases").set({ standing_count: 99 }).execute();
  const after = await alertsHashes(desk.database);
  expect(after.cases.rows).toBe(before.cases.rows);
  expect(after.cases.sha256).not.toBe(before.cases.sha256);
  expect(after.alerts).toEqual(before.alerts);
});

test("a consumer that runs while its tables are emptied begins again, and leaves nothing out", async () => {
  const sink = desk.sink();
  const all = entries(OUTCOMES);
  await consumeToEnd(logOf(all.slice(0, 2)), sink);
  await emptyAlerts(desk.database);
  // What it does next stands behind what was emptied.
  const applying = sink.apply(0, [], { nextOffset: 3, highWater: null });
  await expect(applying).rejects.toMatchObject({ retryable: true });
  await consumeToEnd(logOf(all), sink);
  expect((await alertsHashes(desk.database)).alerts.rows).toBe(3);
});
