/** rulesets/calendar.json: the days that differ from plain Monday-to-Friday weeks. */
import * as z from "zod";

const MILLISECONDS_PER_DAY = 86_400_000;

function isRealDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return ms % MILLISECONDS_PER_DAY === 0 && new Date(ms).toISOString().startsWith(text);
}

/** A Gregorian date that exists: 2026-02-30 is refused. */
export const calendarDate = z
  .string()
  .regex(/^2[01]\d{2}-\d{2}-\d{2}$/, "a date such as 2026-10-01")
  .refine((text) => Number.isNaN(Date.parse(text)) === false && isRealDate(text), "a date that exists");

const ascendingDates = z
  .array(calendarDate)
  .refine((dates) => dates.every((date, i) => i === 0 || dates[i - 1]! < date), "ascending dates, each once");

export const calendarFile = z
  .strictObject({
    source: z.string().min(1),
    /** Both ends included; outside of it only weekdays are known and results are uncertain. */
    coverage: z.strictObject({ from: calendarDate, to: calendarDate }),
    /** Announced days off, whatever weekday they fall on. */
    holidays: ascendingDates,
    /** Announced working days, almost always Saturdays or Sundays. */
    makeUpDays: ascendingDates,
  })
  .superRefine((file, context) => {
    const { from, to } = file.coverage;
    if (from > to)
      context.addIssue({ code: "custom", path: ["coverage"], message: `from ${from} is after to ${to}` });
    const holidays = new Set(file.holidays);
    for (const list of ["holidays", "makeUpDays"] as const) {
      for (const date of file[list]) {
        if (date >= from && date <= to) continue;
        context.addIssue({
          code: "custom",
          path: [list],
          message: `${date} lies outside the coverage ${from}..${to}: widen it`,
        });
      }
    }
    for (const date of file.makeUpDays) {
      if (holidays.has(date)) {
        context.addIssue({
          code: "custom",
          path: ["makeUpDays"],
          message: `${date} is both a holiday and a make-up day: keep one`,
        });
      }
    }
  });

export type CalendarFile = z.infer<typeof calendarFile>;
