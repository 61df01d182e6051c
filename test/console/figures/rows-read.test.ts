/** Every query of the console's pages reads a bounded number of rows, by the engine's own counter. */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CONSOLE_QUERIES, type Draw } from "../../../bench/console/console-queries.js";
import { drawsOf } from "../../../bench/console/draws.js";
import { FILLED, fillRows } from "../../../bench/console/fill-rows.js";
import { costOf } from "../../../bench/console/query-cost.js";
import { checkFigures } from "../../../services/analytics/figures-check.js";
import { openFiguresDesk } from "../../../services/console/figures/figures-desk.js";
import { FiguresAway, type FiguresDesk } from "../../../services/console/server/figures-desk.js";
import { migratedDatabase, type ScratchDatabase } from "../../analytics/scratch-database.js";

const FILL = { decisions: 200_000, seed: 7 };
let scratch: ScratchDatabase;
let desk: FiguresDesk;
let draws: readonly Draw[];

beforeAll(async () => {
  scratch = await migratedDatabase();
  await fillRows(scratch.database, FILL);
  desk = openFiguresDesk(scratch.database);
  draws = await drawsOf(scratch.database, FILL, 2);
}, 60_000);
afterAll(() => scratch.remove());

test("the rows that are made are counted as they are", async () => {
  expect(await checkFigures(scratch.database)).toEqual({ state: "equal" });
  expect(draws).toHaveLength(2);
});

describe("rows read", () => {
  test.each(CONSOLE_QUERIES.map((query) => [query.name, query] as const))(
    "for %s are bounded",
    async (_, query) => {
      const { rows: read } = await costOf(scratch.database, () => query.ask(desk, draws[1]!));
      expect(read).toBeGreaterThan(0);
      // The same bound holds for ten million rows (`kadun bench console`); of these few, half would be a scan.
      expect(read).toBeLessThanOrEqual(Math.min(query.rowsMax, FILL.decisions / 2));
    },
  );
});

test("a query that fails at its limit leaves nothing in the answer of another scope that was asked beside it", async () => {
  const greedy = openFiguresDesk({
    query: (sql, parameters, limits) => scratch.database.query(sql, parameters, { ...limits, rowsMax: 3 }),
  });
  const asked = { range: FILLED, after: null, limit: 20 };
  const alone = await desk.decisions({ ...asked, scope: ["3301"] });
  const [failed, beside, again] = await Promise.allSettled([
    greedy.decisions({ ...asked, scope: ["32"] }),
    desk.decisions({ ...asked, scope: ["3301"] }),
    desk.cities({ scope: ["3302"], range: FILLED, by: "insured" }),
  ]);
  expect(failed.status === "rejected" && failed.reason).toBeInstanceOf(FiguresAway);
  expect(beside.status === "fulfilled" && beside.value).toEqual(alone);
  expect(
    alone.rows.every((row) => row.insuredRegion.startsWith("3301") || row.careRegion.startsWith("3301")),
  ).toBe(true);
  expect(again.status === "fulfilled" && again.value).toEqual(
    await desk.cities({ scope: ["3302"], range: FILLED, by: "insured" }),
  );
});
