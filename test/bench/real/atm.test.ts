import { describe, expect, test } from "@jest/globals";
import { atm } from "../../../bench/real/atm.js";
import { collect, withDataFolder } from "./sample-set.js";

const HEADER =
  "transaction_id,number_id,ATM_id,transaction_type,transaction_start,transaction_end,transaction_amount";
const MACHINES =
  "ATM_id,loc_latitude,loc_longitude,city,country\nA1,12.1,8.5,Kano,Nigeria\nA2,6.3,3.4,Lagos,Nigeria\nA3,12.2,8.4,Kano,Nigeria\n";
const OPERATIONS = [
  "1,c1,A1,0,2018-04-01 10:00:00,,",
  "2,c2,A2,0,2018-04-01 10:00:30,,",
  "1,c1,A1,0,2018-04-01 10:00:00,2018-04-01 10:02:00,46970.16",
  "2,c2,A2,0,2018-04-01 10:00:30,2018-04-01 10:03:00,0",
  "3,c1,A2,2,2018-04-01 10:30:00,,",
  "3,c1,A2,2,2018-04-01 10:30:00,2018-04-01 10:30:05,12.5",
];
const ANOMALIES = OPERATIONS.slice(4);

const files = (operations: readonly string[]) => ({
  "atm/atm.csv": MACHINES,
  "atm/testparallel-original-sorted.csv.gz": `${[HEADER, ...operations].join("\n")}\n`,
  "atm/testparallel-anomalous-original-sorted.csv": `${[HEADER, ...ANOMALIES].join("\n")}\n`,
});
const convert = (operations: readonly string[]) =>
  withDataFolder(files(operations), (folder) => collect(atm.convert(folder)));

describe("converting the atm set", () => {
  test("an operation is an authorize at its start and a settle at its end that names it", async () => {
    const [start, , end] = await convert(OPERATIONS);
    expect(start?.record).toEqual({
      type: "swipe",
      eventId: "atm-1-start",
      kind: "authorize",
      occurredAt: "2018-04-01T10:00:00.000+08:00",
      personId: "atm-c1",
      cardNumber: "c1",
      credential: "card",
      insuredRegion: "00",
      careRegion: "5161",
      longitude: 8.5,
      latitude: 12.1,
      institutionId: "A1",
      institutionKind: "hospital",
      totalFen: 0,
    });
    expect(end?.record).toEqual({
      ...start?.record,
      eventId: "atm-1-end",
      kind: "settle",
      occurredAt: "2018-04-01T10:02:00.000+08:00",
      totalFen: 4_697_016,
      originalEventId: "atm-1-start",
    });
  });

  test("the rows of interleaved operations find their own operation", async () => {
    const converted = await convert(OPERATIONS);
    expect(converted.map(({ record, unit }) => [unit.unitId, record.eventId])).toEqual([
      ["atm-1", "atm-1-start"],
      ["atm-2", "atm-2-start"],
      ["atm-1", "atm-1-end"],
      ["atm-2", "atm-2-end"],
      ["atm-3", "atm-3-start"],
      ["atm-3", "atm-3-end"],
    ]);
  });

  test("the label is joined on card, machine and start", async () => {
    const converted = await convert(OPERATIONS);
    expect(converted.map(({ unit }) => unit.fraudKind)).toEqual([
      null,
      null,
      null,
      null,
      "impossible travel",
      "impossible travel",
    ]);
  });

  test("an operation at an unknown machine is refused by line", async () => {
    await expect(convert(["1,c1,A9,0,2018-04-01 10:00:00,,"])).rejects.toThrow(
      "testparallel-original-sorted.csv.gz line 2: machine A9 is not in atm.csv",
    );
  });
});
