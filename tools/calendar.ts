/**
 * Makes rulesets/calendar.json from a directory of NateScarlet/holiday-cn files (MIT, see NOTICE), one per year;
 * run by hand when a year is announced: `node dist/tools/calendar.js DIRECTORY [OUTPUT]`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { type CalendarFile, calendarFile } from "../schemas/bundle/calendar.js";

const SOURCE = "NateScarlet/holiday-cn (MIT), after the State Council's announcements";

const yearFile = z.object({
  year: z.number().int(),
  days: z.array(z.object({ date: z.string(), isOffDay: z.boolean() })),
});
export type YearFile = z.infer<typeof yearFile>;

/** A year's file may name days of the year before (New Year bridges), so dates decide, not files. */
export function convertCalendar(years: readonly YearFile[]): CalendarFile {
  const numbers = years.map(({ year }) => year).sort((a, b) => a - b);
  const gap = numbers.findIndex((year, i) => i > 0 && year !== numbers[i - 1]! + 1);
  if (numbers.length === 0) throw new Error("no YYYY.json found: name the directory that holds them");
  if (gap > 0)
    throw new Error(`no file for ${numbers[gap - 1]! + 1}: coverage must have no gap, add that year`);
  const days = years.flatMap((file) => file.days);
  return calendarFile.parse({
    source: SOURCE,
    coverage: { from: `${numbers[0]}-01-01`, to: `${numbers.at(-1)}-12-31` },
    holidays: datesOf(days, true),
    makeUpDays: datesOf(days, false),
  });
}

function datesOf(days: YearFile["days"], isOffDay: boolean): string[] {
  return [...new Set(days.filter((day) => day.isOffDay === isOffDay).map(({ date }) => date))].sort();
}

/** One month per line. */
export function printCalendar(file: CalendarFile): string {
  return [
    "{",
    `"source":${JSON.stringify(file.source)},`,
    `"coverage":${JSON.stringify(file.coverage)},`,
    `"holidays":[\n${printMonths(file.holidays)}\n],`,
    `"makeUpDays":[\n${printMonths(file.makeUpDays)}\n]`,
    "}\n",
  ].join("\n");
}

function printMonths(dates: readonly string[]): string {
  const months = [...new Set(dates.map((date) => date.slice(0, 7)))];
  return months
    .map((month) => dates.filter((date) => date.startsWith(month)).map((date) => JSON.stringify(date)))
    .map((line) => line.join(","))
    .join(",\n");
}

function main([directory, outputPath = "rulesets/calendar.json"]: string[]): void {
  if (directory === undefined) {
    process.stderr.write("usage: calendar DIRECTORY [OUTPUT]\n");
    process.exitCode = 64;
    return;
  }
  const names = readdirSync(directory).filter((name) => /^\d{4}\.json$/.test(name));
  const years = names.map((name) => yearFile.parse(JSON.parse(readFileSync(join(directory, name), "utf8"))));
  writeFileSync(outputPath, printCalendar(convertCalendar(years)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
