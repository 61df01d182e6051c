/** Closed cases: later alerts open the next one, and a rebuild gives the same again. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { caseAt } from "../../../services/alerts/cases/closings.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import { alertsHashes } from "../../../services/alerts/table-hashes.js";
import { seededRandom } from "../../oracle/scenario-random.js";
import { AlertsDesk, consumeToEnd, logOf } from "../alerts-desk.js";
import { at, entries, OTHER_PERSON, PERSON, rejected, reviewed, revision } from "../outcome-records.js";
import { CaseDesk } from "./case-desk.js";

let desk: AlertsDesk;
let people: CaseDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
beforeEach(() => {
  people = new CaseDesk(desk);
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

async function cases() {
  const { cases: rows } = await desk.rows();
  return rows.map((row) => `${row.case_id} ${row.status} ${row.alert_count}/${row.standing_count}`);
}

async function workRows() {
  const { tables } = desk;
  return [
    await tables.selectFrom("case_work").selectAll().orderBy("case_id").execute(),
    await tables.selectFrom("case_history").selectAll().orderBy("audit_seq").execute(),
    await tables.selectFrom("case_proposals").selectAll().orderBy("case_id").orderBy("proposal_id").execute(),
    await tables.selectFrom("case_closings").selectAll().orderBy("case_id").execute(),
    (await sql`select record_id from journal_outbox order by record_id`.execute(tables)).rows,
  ];
}

/** The whole log into emptied tables, as one batch. */
async function rebuild(logged: ReturnType<typeof entries>): Promise<void> {
  await emptyAlerts(desk.database);
  await consumeToEnd(logOf(logged), desk.sink());
  await endAlertsRebuild(desk.database);
}

test("close, more alerts, close, more alerts, rebuild: the same rows with the same ids", async () => {
  const first = rejected("s-1");
  // The revision of a swipe of the closed case is an alert of the open one, and corrects the closed one.
  const all = entries([
    first,
    rejected("s-2", { personKey: OTHER_PERSON }),
    reviewed("s-3", { occurredAt: at(30) }),
    revision(first, 1, { reasons: [] }),
    rejected("s-5", { occurredAt: at(90) }),
  ]);
  await consumeToEnd(logOf(all.slice(0, 2)), desk.sink());
  await people.close(`${PERSON}-1`);
  expect(await cases()).toEqual([`${PERSON}-1 closed 1/1`, `${OTHER_PERSON}-1 open 1/1`]);
  await consumeToEnd(logOf(all.slice(0, 4)), desk.sink());
  expect(await cases()).toEqual([
    `${PERSON}-1 closed 1/0`,
    `${PERSON}-2 open 2/2`,
    `${OTHER_PERSON}-1 open 1/1`,
  ]);
  await people.close(`${PERSON}-2`);
  await consumeToEnd(logOf(all), desk.sink());
  const before = [await desk.rows(), await alertsHashes(desk.database), await workRows()];
  expect(await cases()).toEqual([
    `${PERSON}-1 closed 1/0`,
    `${PERSON}-2 closed 2/2`,
    `${PERSON}-3 open 1/1`,
    `${OTHER_PERSON}-1 open 1/1`,
  ]);
  await rebuild(all);
  expect([await desk.rows(), await alertsHashes(desk.database), await workRows()]).toEqual(before);
});

test("a case that is reopened takes the next alerts again, before and after a rebuild", async () => {
  const all = entries([rejected("s-1"), rejected("s-2", { occurredAt: at(30) })]);
  await consumeToEnd(logOf(all.slice(0, 1)), desk.sink());
  await people.close(`${PERSON}-1`);
  expect(await people.move(`${PERSON}-1`, "triage", "wang")).toBe(5);
  await consumeToEnd(logOf(all), desk.sink());
  expect(await cases()).toEqual([`${PERSON}-1 open 2/2`]);
  const before = await desk.rows();
  await rebuild(all);
  expect(await desk.rows()).toEqual(before);
});

test("a case that has a later one is not reopened", async () => {
  const all = entries([rejected("s-1"), rejected("s-2", { occurredAt: at(30) })]);
  await consumeToEnd(logOf(all.slice(0, 1)), desk.sink());
  await people.close(`${PERSON}-1`);
  await consumeToEnd(logOf(all), desk.sink());
  expect(await people.move(`${PERSON}-1`, "triage")).toBe("LATER_CASE");
});

test("wherever cases are closed, a rebuild gives the same: 5 histories with seeds 1-5", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = seededRandom(seed);
    const outcomes = Array.from({ length: 12 }, (_, i) =>
      rejected(`s-${seed}-${i}`, {
        personKey: random.pick([PERSON, OTHER_PERSON]),
        occurredAt: at(random.integer(0, 600)),
      }),
    );
    const all = entries(outcomes);
    for (let end = 1; end <= all.length; end += random.integer(1, 4)) {
      await consumeToEnd(logOf(all.slice(0, end)), desk.sink());
      const open = await desk.tables
        .selectFrom("cases")
        .select("case_id")
        .where("status", "=", "open")
        .execute();
      for (const { case_id } of open) if (random.chance(0.5)) await people.close(case_id);
    }
    await consumeToEnd(logOf(all), desk.sink());
    const before = await desk.rows();
    await rebuild(all);
    expect([seed, await desk.rows()]).toEqual([seed, before]);
    await desk.empty();
  }
});

test("an alert at the very place where a case ends is its own; the next one is not", () => {
  const closings = [{ ordinal: 1, position: { journalOffset: 7, sequence: 1 } }];
  const caseOf = (journalOffset: number, sequence: number) => caseAt(closings, { journalOffset, sequence });
  expect(caseOf(7, 1)).toEqual({ ordinal: 1, status: "closed" });
  expect(caseOf(7, 2)).toEqual({ ordinal: 2, status: "open" });
  expect(caseOf(8, 0)).toEqual({ ordinal: 2, status: "open" });
  expect(caseAt([], { journalOffset: 0, sequence: 0 })).toEqual({ ordinal: 1, status: "open" });
});
