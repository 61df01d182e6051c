/** Rows that go in as blocks against the same rows as NDJSON, which the engine parses itself: equal in the table. */

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { rowObject } from "../../bench/sink/row-objects.js";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { encodeBody } from "../../schemas/log-body.js";
import { encodePosition } from "../../schemas/topics.js";
import { JOURNAL_TABLE, LOG_TABLES, type LogTable } from "../../services/analytics/log-tables.js";
import { RowWriter } from "../../services/analytics/row-writer.js";
import { goldenRecords } from "../support/live-partition.js";
import { OddRecords } from "./odd-records.js";
import { migratedDatabase, type ScratchDatabase } from "./scratch-database.js";
import { TwoLogs } from "./two-logs.js";

const ODD_RECORDS = 1500;
/** NDJSON with it is refused as a whole; a block stores the character for what is unknown. */
const HALF_A_CHARACTER = "\\ud83d";
const EVERYTHING = { recordsMax: 1e6, bytesMax: 1e9, waitMs: 0 };

let scratch: ScratchDatabase;
let database: AnalyticsDatabase;
beforeAll(async () => {
  scratch = await migratedDatabase();
  database = scratch.database;
});
afterAll(() => scratch.remove());

/** Text of a JSON line. What the table computes is left to it. */
function line(table: LogTable, record: LoggedRecord): string {
  const row = rowObject(table, 5, record);
  for (const name of table.computed) delete row[name];
  return JSON.stringify(row);
}

/** Both ways into tables of one kind; rows that only one of them has. */
async function differences(table: LogTable, records: readonly LoggedRecord[]): Promise<unknown> {
  const lines = `${table.table}_as_lines`;
  await database.run(`TRUNCATE TABLE ${table.table}`);
  await database.run(`DROP TABLE IF EXISTS ${lines}`);
  await database.run(`CREATE TABLE ${lines} AS ${table.table}`);
  const writer = new RowWriter(table);
  for (const record of records) writer.add(5, record);
  const name = `${table.table}-${records.length}-${records[0]!.offset}`;
  await database.insert({ table: table.table, rows: writer.finish(), token: name });
  const rows = Buffer.from(records.map((record) => `${line(table, record)}\n`).join(""));
  await database.insert({ table: lines, rows, token: name });
  const only = (one: string, other: string) =>
    database.query(`SELECT * FROM (SELECT * FROM ${one} EXCEPT SELECT * FROM ${other}) LIMIT 2`);
  const [count] = await database.query(
    `SELECT (SELECT count() FROM ${table.table}) AS blocks, (SELECT count() FROM ${lines}) AS lines`,
  );
  return {
    count,
    onlyBlocks: await only(table.table, lines),
    onlyLines: await only(lines, table.table),
  };
}

const none = (records: number) => ({
  count: { blocks: String(records), lines: String(records) },
  onlyBlocks: [],
  onlyLines: [],
});

describe("rows as blocks", () => {
  for (const table of LOG_TABLES) {
    test(`${table.table}: the program's list of columns is the table's`, async () => {
      const columns = await database.query(
        `SELECT name, type FROM system.columns
         WHERE database = currentDatabase() AND table = {table:String} AND default_kind != 'ALIAS'`,
        { table: table.table },
      );
      const stored = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
      expect(stored).toEqual(table.columns);
    });

    test(`${table.table}: records of every type are the rows that NDJSON makes of them`, async () => {
      const logs = new TwoLogs();
      logs.append(goldenRecords());
      const records = logs.world.read(table.topic, 0, 0, EVERYTHING);
      expect(await differences(table, records)).toEqual(none(records.length));
    });

    test(`${table.table}: ${ODD_RECORDS} records with odd values too`, async () => {
      const odd = new OddRecords(11);
      const records = Array.from({ length: ODD_RECORDS }, (_, offset) => ({
        offset,
        key: odd.key(),
        value: encodeBody(table.topic === JOURNAL_TABLE.topic ? odd.swipe() : odd.decision()),
        header: encodePosition({ journalOffset: offset, sequence: offset % 3 }),
        appendedAtMs: odd.appendedAtMs(),
      })).filter(({ value }) => !Buffer.from(value).includes(HALF_A_CHARACTER));
      expect(records.length).toBeGreaterThan(ODD_RECORDS / 2);
      expect(await differences(table, records)).toEqual(none(records.length));
    });
  }
});
