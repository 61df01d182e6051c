import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { calendarFile } from "../../schemas/bundle/calendar.js";
import { compileCalendar } from "../../schemas/working-calendar.js";

const calendar = compileCalendar(
  calendarFile.parse(JSON.parse(readFileSync("rulesets/calendar.json", "utf8"))),
);

function at(text: string): number {
  return Date.parse(text.includes("T") ? `${text}+08:00` : `${text}T10:00:00.000+08:00`);
}

/** 24:00 of a day, written as 0:00 of the next. */
function endOf(date: string): number {
  return Date.parse(`${date}T24:00:00.000+08:00`);
}

describe("working days", () => {
  test.each([
    { accepted: "2026-09-30", days: 3, ends: "2026-10-10", why: "the make-up Saturday is the third" },
    { accepted: "2026-02-13", days: 2, ends: "2026-02-24", why: "Spring Festival, after a make-up Saturday" },
    { accepted: "2026-02-13", days: 15, ends: "2026-03-12", why: "two make-up Saturdays count" },
    { accepted: "2026-11-20", days: 3, ends: "2026-11-25", why: "plain weekend" },
    { accepted: "2026-04-30", days: 5, ends: "2026-05-11", why: "Labour Day and its make-up Saturday" },
    { accepted: "2026-09-25", days: 2, ends: "2026-09-29", why: "accepted on a holiday" },
    {
      accepted: "2018-12-28",
      days: 2,
      ends: "2019-01-02",
      why: "a make-up day named in the next year's file",
    },
    { accepted: "2026-12-30", days: 1, ends: "2026-12-31", why: "the last covered day" },
  ])("$accepted + $days ends at 24:00 of $ends: $why", ({ accepted, days, ends }) => {
    expect(calendar.endOfWorkingDays(at(accepted), days)).toEqual({ endMs: endOf(ends), uncertain: false });
  });

  test.each(["2026-09-30T00:00:00.000", "2026-09-30T15:00:00.000", "2026-09-30T23:59:59.999"])(
    "the hour of acceptance (%s) does not matter",
    (accepted) => {
      expect(calendar.endOfWorkingDays(at(accepted), 3).endMs).toBe(endOf("2026-10-10"));
    },
  );

  test("past the coverage plain weekdays count and the result is uncertain", () => {
    expect(calendar.endOfWorkingDays(at("2026-12-31"), 1)).toEqual({
      endMs: endOf("2027-01-01"),
      uncertain: true,
    });
    expect(calendar.endOfWorkingDays(at("2027-02-05"), 2)).toEqual({
      endMs: endOf("2027-02-09"),
      uncertain: true,
    });
  });

  test("before the coverage the result is uncertain, too", () => {
    expect(calendar.endOfWorkingDays(at("2014-12-31"), 1).uncertain).toBe(false);
    expect(calendar.endOfWorkingDays(at("2014-12-30"), 1)).toEqual({
      endMs: endOf("2014-12-31"),
      uncertain: true,
    });
  });

  test("one more working day never ends earlier, and every end is a Shanghai midnight after acceptance", () => {
    const instants = fc.integer({ min: at("2015-01-01"), max: at("2030-12-31") });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 40 }), (acceptedAtMs, days) => {
        const { endMs } = calendar.endOfWorkingDays(acceptedAtMs, days);
        expect(calendar.endOfWorkingDays(acceptedAtMs, days + 1).endMs).toBeGreaterThan(endMs);
        expect(endMs).toBeGreaterThan(acceptedAtMs);
        expect(calendar.startOfDayMs(calendar.dayOf(endMs))).toBe(endMs);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("calendar days", () => {
  test("the day of acceptance is day 1: ten days from 03-01 10:00 end at 03-11 00:00", () => {
    expect(calendar.endOfCalendarDays(at("2026-03-01T10:00:00.000"), 10)).toBe(at("2026-03-11T00:00:00.000"));
  });

  test("an activation delay of 15 days from 03-01 ends at 03-16 00:00", () => {
    expect(calendar.endOfCalendarDays(at("2026-03-01"), 15)).toBe(at("2026-03-16T00:00:00.000"));
  });

  test("without counting the first day they end one day later", () => {
    expect(calendar.endOfCalendarDays(at("2026-03-01T10:00:00.000"), 10, false)).toBe(
      at("2026-03-12T00:00:00.000"),
    );
  });

  test("a report just before midnight loses the rest of its first day", () => {
    expect(calendar.endOfCalendarDays(at("2026-02-28T23:59:59.999"), 1)).toBe(at("2026-03-01T00:00:00.000"));
  });
});

describe("days are Shanghai days", () => {
  test.each([
    { instant: "2026-03-01T00:00:00.000+08:00", day: "2026-03-01" },
    { instant: "2026-03-01T23:59:59.999+08:00", day: "2026-03-01" },
    { instant: "2026-02-28T16:00:00.000Z", day: "2026-03-01" },
    { instant: "2026-02-28T15:59:59.999Z", day: "2026-02-28" },
  ])("$instant is on $day", ({ instant, day }) => {
    expect(calendar.dayOf(Date.parse(instant))).toBe(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  });
});
