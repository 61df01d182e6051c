import { describe, expect, test } from "@jest/globals";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { encodeBody, LogBodyError } from "../../schemas/log-body.js";
import { encodePosition } from "../../schemas/topics.js";
import { JOURNAL_TABLE, type LogTable, OUTCOMES_TABLE } from "../../services/analytics/log-tables.js";
import { RowError, RowWriter } from "../../services/analytics/row-writer.js";
import { OddRecords } from "./odd-records.js";

/** Ten million by hand: KADUN_FUZZ_RECORDS=10000000. */
const RECORDS = Number(process.env.KADUN_FUZZ_RECORDS ?? 100_000);
/** Blocks are compared. */
const BLOCK = 500;

/** The same table, every record parsed. */
function parsed(table: LogTable): LogTable {
  return { ...table, scanned: { ...table.scanned, fields: [{ key: "none", kind: "unread" }] } };
}

function logged(odd: OddRecords, table: LogTable, offset: number): LoggedRecord {
  const record = table.topic === JOURNAL_TABLE.topic ? odd.swipe() : odd.decision();
  return {
    offset,
    key: odd.key(),
    value: encodeBody(record),
    header: encodePosition({ journalOffset: offset, sequence: 0 }),
    appendedAtMs: odd.appendedAtMs(),
  };
}

describe("the way of records into columns", () => {
  for (const table of [JOURNAL_TABLE, OUTCOMES_TABLE])
    test(`${table.table}: ${RECORDS / 2} records with odd values make the same bytes scanned and parsed`, () => {
      const odd = new OddRecords(7);
      const [scanning, parsing] = [new RowWriter(table), new RowWriter(parsed(table))];
      for (let offset = 0; offset < RECORDS / 2; offset++) {
        const record = logged(odd, table, offset);
        scanning.add(3, record);
        parsing.add(3, record);
        if ((offset + 1) % BLOCK > 0) continue;
        const [one, other] = [scanning.finish(), parsing.finish()];
        expect(one.columns).toEqual(other.columns);
        expect(Buffer.compare(one.bytes, other.bytes)).toBe(0);
      }
    });

  test("both ways are gone: some records are parsed, most are not", () => {
    let parsedCount = 0;
    const table: LogTable = {
      ...JOURNAL_TABLE,
      setColumns: (row, record) => {
        parsedCount++;
        JOURNAL_TABLE.setColumns(row, record);
      },
    };
    const writer = new RowWriter(table);
    const odd = new OddRecords(1);
    for (let offset = 0; offset < 1000; offset++) writer.add(0, logged(odd, table, offset));
    // Where a text has an escape or a number many digits.
    expect(parsedCount).toBeGreaterThan(100);
    expect(parsedCount).toBeLessThan(900);
  });

  test("a body that is not what was written is an error, and the next block is as if it had not been there", () => {
    const writer = new RowWriter(JOURNAL_TABLE);
    const odd = new OddRecords(2);
    const records = [0, 1].map((offset) => logged(odd, JOURNAL_TABLE, offset));
    const [good, bad] = records as [LoggedRecord, LoggedRecord];
    writer.add(0, good);
    const expected = Buffer.from(writer.finish().bytes);
    const broken = Uint8Array.from(bad.value);
    broken[broken.length - 3]! ^= 1;
    expect(() => writer.add(0, { ...bad, value: broken })).toThrow(LogBodyError);
    writer.clear();
    writer.add(0, good);
    expect(Buffer.compare(writer.finish().bytes, expected)).toBe(0);
  });

  test("a record that the table cannot hold is named by its place and column, not by what it says", () => {
    const record = new OddRecords(3).swipe();
    const secret = "330106199003070012";
    const value = encodeBody({ ...record, totalFen: -1, eventId: secret } as typeof record);
    const entry = { offset: 17, key: "", value, header: new Uint8Array(0), appendedAtMs: 0 };
    const add = () => new RowWriter(JOURNAL_TABLE).add(4, entry);
    expect(add).toThrow(RowError);
    expect(add).toThrow(
      "journal_records, partition 4, offset 17: column totalFen: expected an integer from 0",
    );
    expect(add).not.toThrow(secret);
  });
});
