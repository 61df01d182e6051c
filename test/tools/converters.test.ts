import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { calendarFile } from "../../schemas/bundle/calendar.js";
import { regionsFile } from "../../schemas/bundle/regions.js";
import { convertCalendar, printCalendar } from "../../tools/calendar.js";
import { printRegions } from "../../tools/regions.js";

describe("calendar", () => {
  const day = (date: string, isOffDay: boolean) => ({ date, isOffDay });

  test("dates of all files are sorted into days off and make-up days, whatever year's file names them", () => {
    const file = convertCalendar([
      { year: 2019, days: [day("2019-01-01", true), day("2018-12-29", false), day("2018-12-31", true)] },
      { year: 2018, days: [day("2018-01-01", true), day("2018-12-31", true)] },
    ]);
    expect(file).toMatchObject({
      coverage: { from: "2018-01-01", to: "2019-12-31" },
      holidays: ["2018-01-01", "2018-12-31", "2019-01-01"],
      makeUpDays: ["2018-12-29"],
    });
  });

  test("a gap between the years is refused by name", () => {
    const years = [2024, 2026].map((year) => ({ year, days: [] }));
    expect(() => convertCalendar(years)).toThrow("no file for 2025");
  });

  test("an empty directory is refused", () => {
    expect(() => convertCalendar([])).toThrow("name the directory");
  });
});

describe("the committed files are what the converters print", () => {
  test("calendar", () => {
    const text = readFileSync("rulesets/calendar.json", "utf8");
    expect(printCalendar(calendarFile.parse(JSON.parse(text)))).toBe(text);
  });

  test("regions, below 250 KB", () => {
    const text = readFileSync("rulesets/regions.json", "utf8");
    expect(printRegions(regionsFile.parse(JSON.parse(text)))).toBe(text);
    expect(Buffer.byteLength(text)).toBeLessThan(250_000);
  });
});
