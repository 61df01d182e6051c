/** A batch costs one statement a table, however many rows: counted by the database itself, whatever sent them. */

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { AlertsDesk } from "./alerts-desk.js";
import { decision, entries, lossReport, rejected, reviewed, revision } from "./outcome-records.js";

/** Seven outcomes of each are less than the 500 records that the consumer takes at once. */
const PERSONS = 50;

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  await countStatements();
});
afterAll(() => desk.close());

it("many rows of every table are written by one statement a table, and so are later corrections", async () => {
  const first = ofEachPerson(outcomesOf);
  const later = ofEachPerson((personKey) => [revision(reviewed("s-1", { personKey }), 1)]);

  await desk.consumeEntries(entries(first));
  expect(await countedStatements()).toEqual({
    // Once: all of it was one batch. An upsert is noted as both.
    "insert consumer_progress": [1],
    "update consumer_progress": [0],
    "insert judged_swipes": [3 * PERSONS],
    "insert undone_swipes": [PERSONS],
    "insert card_reports": [PERSONS],
    "insert person_links": [PERSONS],
    "insert person_moves": [PERSONS],
    "insert cases": [PERSONS],
    "insert alerts": [3 * PERSONS],
    "insert case_codes": [PERSONS],
    // Those to be sent, then those held back.
    "insert sms": [2 * PERSONS, PERSONS],
    "update cases": [PERSONS],
    "update sms_escalations": [0],
  });

  await desk.consumeEntries(entries([...first, ...later]));
  expect(await countedStatements()).toEqual({
    "insert consumer_progress": [0],
    "update consumer_progress": [1],
    "insert alerts": [PERSONS],
    "insert cases": [0],
    "insert sms": [PERSONS],
    "update alerts": [PERSONS],
    "update cases": [PERSONS],
  });
});

/** Rows for every table that the sink writes. */
function outcomesOf(personKey: string): readonly LoggedOutcome[] {
  const formerPersonKey = personKey.slice(0, 12).padEnd(32, "b");
  return [
    reviewed("s-1", { personKey }),
    rejected("s-2", { personKey }),
    // The same news within minutes: held back.
    rejected("s-3", { personKey }),
    decision("u-1", { personKey, kind: "cancel", swipe: { originalEventId: "s-1" } }),
    lossReport("c-1", { personKey }),
    {
      ...{ type: "person-moved", eventId: "m-1", personKey, toPersonKey: "d".repeat(32) },
      ...{ formerPersonKeys: [], state: "", stateSha256: "0".repeat(64) },
    },
    {
      ...{ type: "person-merged", eventId: "m-2", personKey, formerPersonKey },
      ...{ dropped: {}, bundleHash: "0".repeat(64) },
    },
  ];
}

function ofEachPerson(of: (personKey: string) => readonly LoggedOutcome[]): readonly LoggedOutcome[] {
  const keys = Array.from({ length: PERSONS }, (_, i) => i.toString(16).padStart(12, "0").padEnd(32, "a"));
  return keys.flatMap(of);
}

/** Every statement that writes rows notes itself with their number, also one that finds none to write. */
async function countStatements(): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(desk.tables);
  await run(
    "create table written (id serial primary key, statement text not null, row_count integer not null)",
  );
  await run(`create function note_written() returns trigger language plpgsql as $$ begin
    insert into written (statement, row_count)
    select lower(tg_op) || ' ' || tg_table_name, (select count(*) from rows_written);
    return null;
  end $$`);
  await run(`do $$ declare one record; begin
    for one in select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'written' loop
      execute format('create trigger note_insert after insert on %I referencing new table as rows_written
        for each statement execute function note_written()', one.name);
      execute format('create trigger note_update after update on %I referencing new table as rows_written
        for each statement execute function note_written()', one.name);
    end loop;
  end $$`);
}

/** Since the last call: `insert <table>`, with the rows of each such statement in their order. */
async function countedStatements(): Promise<Readonly<Record<string, readonly number[]>>> {
  const { rows } = await sql<{ statement: string; row_count: number }>`
    with noted as (delete from written returning *) select * from noted order by id`.execute(desk.tables);
  return Object.fromEntries(
    [...new Set(rows.map(({ statement }) => statement))].map((statement) => [
      statement,
      rows.filter((row) => row.statement === statement).map(({ row_count }) => row_count),
    ]),
  );
}
