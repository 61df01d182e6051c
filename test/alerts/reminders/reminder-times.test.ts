/** When people are reminded of an end: across October and Spring Festival 2026, make-up days, nights. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import { soonBefore, workingDaysBefore } from "../../../services/alerts/reminders/reminder-times.js";

const calendar = compileCalendar(
  calendarFile.parse(JSON.parse(readFileSync(join(packageRoot, "rulesets", "calendar.json"), "utf8"))),
);
/** `10-08 00:00`, of 2026 unless the year is given. */
const ms = (text: string) =>
  parseInstantMs(`${text.length > 11 ? text : `2026-${text}`}:00.000+08:00`.replace(" ", "T"));
const shown = (atMs: number) =>
  formatInstant(atMs)
    .slice(0, 16)
    .replace("T", " ")
    .replace(/^2026-/, "");

/** End, working days before, reminded at. */
const WORKING_DAYS: readonly [string, string, number, string][] = [
  ["a plain week", "03-12 00:00", 1, "03-10 09:00"],
  ["over a weekend", "03-17 00:00", 1, "03-13 09:00"],
  ["ends on a Saturday", "03-15 00:00", 1, "03-13 09:00"],
  ["ends at noon: that day it still holds", "03-12 12:00", 1, "03-11 09:00"],
  ["ends at the first instant behind midnight", "03-12 00:01", 1, "03-11 09:00"],
  ["ends on the last day before October's holidays", "10-01 00:00", 1, "09-29 09:00"],
  ["ends in October's holidays: the last day at a counter is before them", "10-04 00:00", 1, "09-30 09:00"],
  ["ends with the last day of October's holidays", "10-08 00:00", 1, "09-30 09:00"],
  ["ends on the first working day after them", "10-09 00:00", 1, "09-30 09:00"],
  ["ends on the second", "10-10 00:00", 1, "10-08 09:00"],
  ["ends on the make-up Saturday", "10-11 00:00", 1, "10-09 09:00"],
  ["ends on the Monday behind the make-up Saturday", "10-13 00:00", 1, "10-10 09:00"],
  ["three working days, over October's holidays", "10-10 00:00", 3, "09-29 09:00"],
  ["ends on the make-up Saturday before Spring Festival", "02-15 00:00", 1, "02-13 09:00"],
  ["ends in Spring Festival", "02-20 00:00", 1, "02-14 09:00"],
  ["ends with its last day", "02-24 00:00", 1, "02-14 09:00"],
  ["ends on the first working day after it", "02-25 00:00", 1, "02-14 09:00"],
  ["ends on the second", "02-26 00:00", 1, "02-24 09:00"],
  ["three working days, over Spring Festival", "02-26 00:00", 3, "02-13 09:00"],
  ["ends on the make-up Saturday after it", "03-01 00:00", 1, "02-27 09:00"],
  ["over new year, where the calendar ends: weekdays count", "2027-01-05 00:00", 1, "2027-01-01 09:00"],
];

describe("so many working days before", () => {
  test.each(WORKING_DAYS)("%s", (_title, end, days, expected) => {
    expect(shown(workingDaysBefore(ms(end), days, calendar))).toBe(expected);
  });

  test("is before the end, in the morning of a day, for every hour of two years", () => {
    for (let end = ms("2025-06-01 00:00"); end < ms("2027-06-01 00:00"); end += 5 * 3_600_000) {
      const at = workingDaysBefore(end, 1, calendar);
      expect([end - at > 15 * 3_600_000, shown(at).slice(-5)]).toEqual([true, "09:00"]);
    }
  });
});

const SOON: readonly [string, string][] = [
  ["03-12 00:00", "03-11 20:00"],
  ["03-12 18:00", "03-12 14:00"],
  ["03-12 10:00", "03-12 06:00"],
  ["03-12 09:59", "03-11 22:00"],
  ["03-12 04:30", "03-11 22:00"],
  ["03-12 02:00", "03-11 22:00"],
  ["03-12 03:30", "03-11 22:00"],
];

test.each(SOON)("what ends at %s is said at %s, and never at night", (end, expected) => {
  expect(shown(soonBefore(ms(end)))).toBe(expected);
});
