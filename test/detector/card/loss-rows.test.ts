/**
 * A report by each row of docs/domain.md 1.1: which policy it meets, when it takes effect and lapses, and what swipes at
 * home meet then. A row that is not in force shows what stands in its place. Each report is made on Wednesday 2026-05-06
 * at 10:00; the Saturday of that week, 05-09, is a working day.
 */

import { describe, expect, test } from "@jest/globals";
import { instantOf, type RecordFields } from "../raw-records.js";
import { metBy, transitionOf } from "./given.js";

const DAYS_10 = "2026-05-16 00:00";
const HOURS_72 = "2026-05-09 10:00";
const WORKING_DAYS_3 = "2026-05-10 00:00";
const DAYS_7 = "2026-05-13 00:00";
const DAYS_15 = "2026-05-21 00:00";
const WORKING_DAYS_2 = "2026-05-09 00:00";
/** Past every validity and the year a lapse is watched. */
const YEARS_LATER = "+800d";

const BEIJING = "110000";
const CHENGDU = "510100";
const NANJING = "320100";
const QUANZHOU = "350500";
const CHONGQING = "500000";
const HANGZHOU = "330100";

interface Row {
  readonly row: string;
  readonly report: RecordFields;
  readonly policyId: string | null;
  readonly to: string;
  readonly effectiveAt?: string;
  readonly lapses?: readonly [string, string];
  /** Moments and what a swipe at home meets then. */
  readonly swipes: Readonly<Record<string, string>>;
}

const report = (region: string, channel: string, fields: RecordFields = {}): RecordFields => ({
  at: "+0m",
  action: "report-loss",
  region,
  channel,
  ...fields,
});
const temporary = (channel: string) => report(HANGZHOU, channel, { credential: "temporary-card" });

const FORMAL = {
  to: "formal",
  swipes: { "-1ms": "approve", "+0m": "reject R01", [YEARS_LATER]: "reject R01" },
};
const BLOCKED = { ...FORMAL, to: "provisional" };
const TEN_DAYS: Omit<Row, "row" | "report" | "policyId"> = {
  to: "provisional",
  lapses: [DAYS_10, DAYS_10],
  swipes: {
    "-1ms": "approve",
    "+0m": "reject R01",
    "2026-05-15 23:59:59.999": "reject R01",
    [DAYS_10]: "challenge R03",
    [YEARS_LATER]: "approve",
  },
};
const NATIONAL_PHONE: Omit<Row, "row" | "report"> = {
  policyId: "CN-17",
  to: "loss-pending",
  effectiveAt: "+24h",
  lapses: [DAYS_7, DAYS_15],
  swipes: {
    "-1ms": "approve",
    "+0m": "challenge R02",
    "+24h-1ms": "challenge R02",
    "+24h": "reject R01",
    "2026-05-20 23:59:59.999": "reject R01",
    [DAYS_15]: "challenge R03",
  },
};
const TEMPORARY_BLOCKED = { "-1ms": "approve", "+0m": "reject R06", [YEARS_LATER]: "reject R06" };

const ROWS: readonly Row[] = [
  { row: "1 Beijing, phone 96102", report: report(BEIJING, "phone"), policyId: "BJ-1", ...TEN_DAYS },
  { row: "2 Beijing, written", report: report(BEIJING, "counter"), policyId: "BJ-2", ...TEN_DAYS },
  { row: "3 Beijing, kiosk", report: report(BEIJING, "kiosk"), policyId: "BJ-3", ...TEN_DAYS },
  {
    row: "4 Beijing, formal",
    report: report(BEIJING, "counter", { action: "confirm-loss" }),
    policyId: "BJ-4",
    ...FORMAL,
  },
  { row: "5 Chengdu, website", report: report(CHENGDU, "web"), policyId: "CD-5", ...BLOCKED },
  {
    row: "6 Chengdu, phone: frozen for 72 hours",
    report: report(CHENGDU, "phone"),
    policyId: "CD-6",
    to: "provisional",
    lapses: [HOURS_72, HOURS_72],
    swipes: { "-1ms": "approve", "+0m": "reject R01", "+72h-1ms": "reject R01", "+72h": "challenge R03" },
  },
  { row: "7 Chengdu, counter", report: report(CHENGDU, "counter"), policyId: "CD-7", ...FORMAL },
  {
    row: "8 Nanjing, phone: three working days",
    report: report(NANJING, "phone"),
    policyId: "NJ-8",
    to: "provisional",
    lapses: [WORKING_DAYS_3, WORKING_DAYS_3],
    swipes: {
      "-1ms": "approve",
      "+0m": "reject R01",
      "2026-05-09 23:59:59.999": "reject R01",
      [WORKING_DAYS_3]: "challenge R03",
    },
  },
  { row: "9 Nanjing, written", report: report(NANJING, "counter"), policyId: "NJ-9", ...FORMAL },
  { row: "9 Nanjing, by the employer", report: report(NANJING, "employer"), policyId: "NJ-9e", ...FORMAL },
  {
    row: "10 Nanjing, bank part: no policy of the medical part, so provisional without a lapse",
    report: report(NANJING, "bank"),
    policyId: null,
    ...BLOCKED,
  },
  { row: "11 Quanzhou, phone", report: report(QUANZHOU, "phone"), policyId: "QZ-11", ...BLOCKED },
  { row: "12 Quanzhou, pharmacy", report: report(QUANZHOU, "pharmacy"), policyId: "QZ-12", ...BLOCKED },
  { row: "13 Quanzhou, counter", report: report(QUANZHOU, "counter"), policyId: "QZ-13", ...FORMAL },
  {
    row: "14 Chongqing, phone: blocked until replaced",
    report: report(CHONGQING, "phone"),
    policyId: "CQ-14",
    ...BLOCKED,
  },
  { row: "15 Chongqing, counter", report: report(CHONGQING, "counter"), policyId: "CQ-15", ...FORMAL },
  {
    row: "16 an institution's note under Chongqing: the city's counter row stands, whatever the weekday",
    report: report(CHONGQING, "counter"),
    policyId: "CQ-15",
    ...FORMAL,
  },
  {
    row: "17 generic, phone within 24 h: not restored after the two working days",
    report: report(HANGZHOU, "phone"),
    ...NATIONAL_PHONE,
    swipes: { ...NATIONAL_PHONE.swipes, [WORKING_DAYS_2]: "reject R01" },
  },
  { row: "18 generic, written", report: report(HANGZHOU, "counter"), policyId: "CN-18", ...FORMAL },
  {
    row: "19 generic, phone 12333 for 7 to 15 days: blocked to the longest",
    report: report("21", "phone"),
    ...NATIONAL_PHONE,
    swipes: { "2026-05-20 23:59:59.999": "reject R01", [DAYS_15]: "challenge R03" },
  },
  {
    row: "20 generic, phone 12393 at once for about 7 days: the cautious delay and the longer validity stand",
    report: report(HANGZHOU, "phone"),
    ...NATIONAL_PHONE,
    swipes: { "+0m": "challenge R02", [DAYS_7]: "reject R01" },
  },
  {
    row: "21 generic, phone that may not take effect at once",
    report: report("620100", "phone"),
    ...NATIONAL_PHONE,
  },
  { row: "22 generic, WeChat or Alipay", report: report(HANGZHOU, "app"), policyId: "CN-22", ...BLOCKED },
  { row: "23 generic, counter with form", report: report("37", "counter"), policyId: "CN-18", ...FORMAL },
  {
    row: "24 generic, formal",
    report: report(HANGZHOU, "counter", { action: "confirm-loss" }),
    policyId: "CN-18",
    ...FORMAL,
  },
  {
    row: "25 temporary card, app",
    report: temporary("app"),
    policyId: "TC-25",
    to: "provisional",
    swipes: TEMPORARY_BLOCKED,
  },
  {
    row: "26 temporary card, website: after up to two working days of review",
    report: temporary("web"),
    policyId: "TC-26",
    to: "loss-pending",
    effectiveAt: WORKING_DAYS_2,
    swipes: {
      "+0m": "challenge R02",
      "2026-05-08 23:59:59.999": "challenge R02",
      [WORKING_DAYS_2]: "reject R06",
      [YEARS_LATER]: "reject R06",
    },
  },
  {
    row: "27 temporary card, counter",
    report: temporary("counter"),
    policyId: "TC-27",
    to: "formal",
    swipes: TEMPORARY_BLOCKED,
  },
  {
    row: "28 temporary card, hospital",
    report: temporary("hospital"),
    policyId: "TC-28h",
    to: "provisional",
    swipes: TEMPORARY_BLOCKED,
  },
  {
    row: "28 temporary card, pharmacy",
    report: temporary("pharmacy"),
    policyId: "TC-28p",
    to: "provisional",
    swipes: TEMPORARY_BLOCKED,
  },
  {
    row: "29 temporary card, phone: 1 to 2 hours, and no lapse though no formal report follows in 24 hours",
    report: temporary("phone"),
    policyId: "TC-29",
    to: "loss-pending",
    effectiveAt: "+2h",
    swipes: {
      "+2h-1ms": "challenge R02",
      "+2h": "reject R06",
      "+24h": "reject R06",
      [YEARS_LATER]: "reject R06",
    },
  },
  {
    row: "extra [1] Chengdu university, 7 days: 72 hours stand",
    report: report(CHENGDU, "phone"),
    policyId: "CD-6",
    to: "provisional",
    lapses: [HOURS_72, HOURS_72],
    swipes: { "+72h-1ms": "reject R01", "+72h": "challenge R03" },
  },
  {
    row: "extra [2] Yongkang, 10 days: the national row stands",
    report: report("330784", "phone"),
    ...NATIONAL_PHONE,
    swipes: { [DAYS_10]: "reject R01", [DAYS_15]: "challenge R03" },
  },
  {
    row: "extra [3] 15 days: the longest end of the national row",
    report: report(HANGZHOU, "phone"),
    ...NATIONAL_PHONE,
  },
  {
    row: "extra [4] written, within 1 hour: at once stands",
    report: report(HANGZHOU, "counter"),
    policyId: "CN-18",
    ...FORMAL,
  },
  {
    row: "extra [5] Wuxi, within 4 hours: the national 24 stand",
    report: report("320200", "phone"),
    ...NATIONAL_PHONE,
    swipes: { "+4h": "challenge R02", "+24h": "reject R01" },
  },
];

describe.each(ROWS)("row $row", ({ report: given, policyId, to, effectiveAt = "+0m", lapses, swipes }) => {
  test("meets its policy, effect and expiry", () => {
    expect(transitionOf([], given)).toMatchObject({
      applied: true,
      from: "active",
      to,
      policyId,
      effectiveAt: instantOf(effectiveAt),
      expiresAtMin: lapses ? instantOf(lapses[0]) : null,
      expiresAtMax: lapses ? instantOf(lapses[1]) : null,
      calendarUncertain: false,
    });
  });

  test.each(Object.entries(swipes))("a swipe at %s meets %s", (at, then) => {
    const { region, credential = "card" } = given;
    expect(metBy([given], { at, credential, insuredRegion: region, careRegion: region })).toBe(then);
  });
});

test("no row of the list is left out", () => {
  const told = new Set(ROWS.map(({ row }) => row.match(/^(\d+|extra \[\d\])/)![0]));
  const rows = Array.from({ length: 29 }, (_, index) => String(index + 1));
  expect([...told]).toEqual([...rows, ...[1, 2, 3, 4, 5].map((source) => `extra [${source}]`)]);
});
