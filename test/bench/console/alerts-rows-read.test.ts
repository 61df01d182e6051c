/**
 * Everything that the console's pages ask of PostgreSQL reads a bounded number of rows, by PostgreSQL's own count. Each route
 * that reads is asked, or it is said why not.
 */

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import { type AlertsDesks, openAlertsDesks } from "../../../bench/console/alerts/alerts-desks.js";
import { type AlertsDraw, alertsDraws } from "../../../bench/console/alerts/alerts-draws.js";
import { ALERTS_QUERIES } from "../../../bench/console/alerts/alerts-queries.js";
import { CASES_PER_FINDING, casesOf } from "../../../bench/console/alerts/case-numbers.js";
import { CountedDialect } from "../../../bench/console/alerts/counted-dialect.js";
import { fillAlerts } from "../../../bench/console/alerts/fill-alerts.js";
import { CASES_LOOKED_AT_MAX, casePage } from "../../../services/alerts/cases/case-list.js";
import { AlertsDesk } from "../../alerts/alerts-desk.js";
import { routeTables } from "../../console/access/route-tables.js";
import { OTHER_ROUTES } from "./other-routes.js";

/** A year and a half of a small town. */
const FILL = { alerts: 20_000, alertsPerDay: 36, seed: 7 };
/** Of these few tables this would be one that is read whole. */
const SCAN = 0.75 * casesOf(FILL);
const DRAWS = 3;

let desk: AlertsDesk;
let counted: CountedDialect;
let desks: AlertsDesks;
let draws: readonly AlertsDraw[];

beforeAll(async () => {
  desk = await AlertsDesk.open();
  await fillAlerts(desk.tables, FILL);
  // The smallest of these tables would be read whole, which says nothing of large ones; where no index serves, it still is.
  await sql`set enable_seqscan = off`.execute(desk.tables);
  counted = new CountedDialect(desk.database.dialect);
  desks = openAlertsDesks({ ...desk.database, dialect: counted });
  draws = await alertsDraws(desk.tables, FILL, DRAWS);
}, 180_000);
afterAll(() => desk.close());

describe("rows read", () => {
  it.each(ALERTS_QUERIES.map((query) => [query.name, query] as const))(
    "for %s are bounded",
    async (_, { ask, rowsMax }) => {
      // The same bound holds for a million alerts (`kadun bench console`).
      for (const draw of draws)
        expect(await counted.rowsOf(() => ask(desks, draw))).toBeLessThanOrEqual(Math.min(rowsMax, SCAN));
    },
  );
});

it("a list whose pages end where they looked far enough goes on from there and leaves nothing out", async () => {
  const asked = { scope: ["3301"], assignee: "analyst-01" };
  const seen: string[] = [];
  let pages = 0;
  for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
    const page = await casePage(desk.database, { ...asked, after });
    seen.push(...page.cases.map(({ caseId }) => caseId));
    after = page.after;
    pages++;
  }
  const { rows } = await sql<{ case_id: string }>`
    select case_id from cases join case_work using (case_id) where region like '3301%' and assignee = 'analyst-01'
    order by opened_at desc, case_id`.execute(desk.tables);
  expect(seen).toEqual(rows.map(({ case_id }) => case_id));
  expect(pages).toBe(
    Math.floor((casesOf(FILL) + casesOf(FILL) / CASES_PER_FINDING) / CASES_LOOKED_AT_MAX) + 1,
  );
});

it("every route that reads is asked, or it is said why it reads no more the longer Kadun runs", async () => {
  const reading = (await routeTables()).filter(({ method }) => method === "GET").map(({ name }) => name);
  const asked = ALERTS_QUERIES.flatMap(({ routes }) => routes);
  const known = [...new Set([...asked, ...Object.keys(OTHER_ROUTES)])];
  expect(known.sort()).toEqual(reading.sort());
});

it("whatever a desk asks is counted, also what is read and thrown away", async () => {
  const all = await counted.rowsOf(() => desks.tables.selectFrom("evidence_custody").selectAll().execute());
  const none = await counted.rowsOf(() =>
    desks.tables.selectFrom("evidence_custody").selectAll().where("line", "=", "none").execute(),
  );
  expect(all).toBeGreaterThan(100);
  expect(none).toBe(all);
});
