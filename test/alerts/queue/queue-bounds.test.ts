/** What the queue reads is bounded by the question, by PostgreSQL's own count: no more of ten times as many cases. */

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type RawBuilder, sql } from "kysely";
import { type AskedFilter, readQueueFilter } from "../../../schemas/console/queue-filter.js";
import { QUEUE_PAGE_MAX } from "../../../schemas/http/queue.js";
import { candidatesOf, candidatesStatement } from "../../../services/alerts/queue/queue-candidates.js";
import { itemsStatement } from "../../../services/alerts/queue/queue-items.js";
import { lanesOf, rangesOf } from "../../../services/alerts/queue/queue-places.js";
import { chunkStatement, scanQueue } from "../../../services/alerts/queue/queue-scan.js";
import { AlertsDesk } from "../alerts-desk.js";
import { generateQueue, rowsRead } from "./generated-queue.js";

const FEW = 5_000;
const MANY = 50_000;
const SIZE = QUEUE_PAGE_MAX + 1;
const PAGE = { after: null, limit: QUEUE_PAGE_MAX, scanMax: 2_000 };

const QUERIES = [
  {},
  { sort: "latest" },
  { rule: "R05", disputed: "1" },
  { state: "new,closed", action: "reject", moneyMin: "300000" },
  { assignee: "none", since: "2026-03-02", sort: "latest" },
];
const SCOPES = [[""], ["33"], ["3301"], ["330106"], ["33", "3401", "3502", "11"], ["99"], []];
const QUESTIONS = QUERIES.flatMap((query) => SCOPES.map((scope) => ({ query, scope })));

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  await generateQueue(desk.tables, { from: 1, cases: FEW });
}, 180_000);
afterAll(() => desk.close());

function filterOf(query: Readonly<Record<string, string>>): AskedFilter {
  const read = readQueueFilter(query);
  if (read.kind === "invalid") throw new Error(read.detail);
  const { assignee, ...filter } = read.filter;
  return {
    ...filter,
    assignee: assignee.kind === "person" ? { ...assignee, name: assignee.name ?? "lin" } : assignee,
  };
}

/** Of each question: rows read for a look, against rows that a look may read. */
async function looks() {
  const read: { question: object; rows: number; max: number }[] = [];
  for (const { query, scope } of QUESTIONS) {
    const filter = filterOf(query);
    const lane = lanesOf(filter)[0]!;
    const rows = await rowsRead(
      desk.tables,
      chunkStatement({ filter, scope }, { lane, after: null, size: SIZE }),
    );
    const statuses = query.state === undefined ? 1 : 2;
    const ranges = lane.length * statuses * rangesOf(scope).length;
    // Each range to its limit; of the merged rows the work and, in what was generated, one alert.
    read.push({ question: { query, scope }, rows, max: (ranges + 2) * SIZE });
  }
  return read;
}

describe.each([
  ["few cases", FEW],
  ["ten times as many", MANY],
])("of %s", (_, cases) => {
  beforeAll(async () => {
    if (cases > FEW) await generateQueue(desk.tables, { from: FEW + 1, cases: cases - FEW });
  }, 180_000);

  it("a look reads its ranges to their limits and no further", async () => {
    for (const { question, rows, max } of await looks())
      expect({ question, rows, isBounded: rows <= max }).toEqual({ question, rows, isBounded: true });
  }, 180_000);

  it("a page's rows are looked up one by one", async () => {
    const { found } = await scanQueue(desk.tables, { ...PAGE, filter: filterOf({}), scope: [""] });
    expect(found).toHaveLength(QUEUE_PAGE_MAX);
    const ids = found.map(({ caseId }) => caseId);
    // Of each case its id, itself, its work, its one alert twice (the latest, the earliest), nothing of what it does not have.
    expect(await rowsRead(desk.tables, itemsStatement(ids, Date.now()))).toBeLessThanOrEqual(
      5 * QUEUE_PAGE_MAX,
    );
  });

  it("what few cases have in common is looked up", async () => {
    const filter = filterOf({ text: "0042" });
    const candidates = (await candidatesOf(desk.tables, filter))!;
    const found = await countOf(candidates);
    expect(found).toBe(Math.ceil((cases - 41) / 10_000));
    const rows = await rowsRead(desk.tables, candidatesStatement(candidates, { filter, scope: [""] }));
    // Itself, its case, its work, the one alert that shows the card.
    expect(rows).toBeLessThanOrEqual(4 * found);
    const own = (await candidatesOf(desk.tables, filterOf({ assignee: "lin" })))!;
    // All of them: a limit that cut some would leave them out of the page.
    expect(await countOf(own)).toBe(
      await countOf(sql`select 1 from case_work where assignee = 'lin' and state <> 'closed'`),
    );
  });
});

async function countOf(candidates: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from (${candidates}) found`.execute(desk.tables);
  return rows[0]!.count;
}
