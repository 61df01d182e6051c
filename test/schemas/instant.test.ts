/** Instants read as Date.parse reads them, for every text the pattern lets through. */

import { describe, expect, test } from "@jest/globals";
import { INSTANT_PATTERN } from "../../schemas/fields.js";
import { canonicalInstant, formatInstant, parseInstantMs } from "../../schemas/instant.js";
import fc from "../support/properties.js";

const twoDigits = (max: number, min = 0) =>
  fc.integer({ min, max }).map((value) => String(value).padStart(2, "0"));

/** Any text of the pattern, days that do not exist among them. */
const text = fc
  .record({
    year: fc.oneof(fc.integer({ min: 1970, max: 2100 }), fc.nat({ max: 9999 })),
    month: twoDigits(12, 1),
    day: twoDigits(31, 1),
    hour: twoDigits(23),
    minute: twoDigits(59),
    second: fc.option(twoDigits(59), { nil: undefined }),
    decimals: fc.option(fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 9 }), {
      nil: undefined,
    }),
    offset: fc.oneof(
      fc.constantFrom("Z", "+08:00", "+00:00", "-00:00"),
      fc
        .tuple(fc.constantFrom("+", "-"), twoDigits(23), twoDigits(59))
        .map(([sign, h, m]) => `${sign}${h}:${m}`),
    ),
  })
  .map(({ year, month, day, hour, minute, second, decimals, offset }) => {
    const seconds = second === undefined ? "" : `:${second}${decimals === undefined ? "" : `.${decimals}`}`;
    return `${String(year).padStart(4, "0")}-${month}-${day}T${hour}:${minute}${seconds}${offset}`;
  });

/** Date.parse moves 2026-02-30 into March; digits behind the millisecond are cut here, as there. */
function expectedMs(instant: string): number {
  const [year, month, day] = instant.slice(0, 10).split("-").map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day ? Date.parse(instant) : Number.NaN;
}

describe("an instant", () => {
  test("matches the pattern and reads like Date.parse; NaN on a day that does not exist", () => {
    let missingDays = 0;
    fc.assert(
      fc.property(text, (instant) => {
        expect(instant).toMatch(INSTANT_PATTERN);
        const expected = expectedMs(instant);
        if (Number.isNaN(expected)) missingDays++;
        expect(parseInstantMs(instant)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(missingDays).toBeGreaterThan(10);
  });

  test("is written with +08:00 and milliseconds, and read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2101, 0) }), (ms) => {
        const written = formatInstant(ms);
        expect(written).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
        expect(written).toMatch(INSTANT_PATTERN);
        expect(parseInstantMs(written)).toBe(ms);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has one canonical form, which is its own", () => {
    fc.assert(
      fc.property(text, (instant) => {
        const ms = parseInstantMs(instant);
        fc.pre(ms >= Date.UTC(2000, 0, 2) && ms < Date.UTC(2100, 11, 31));
        const canonical = canonicalInstant(instant);
        expect(canonical).toBe(formatInstant(ms));
        expect(canonicalInstant(canonical)).toBe(canonical);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    "2026-03-01T10:00:00",
    "2026-03-01 10:00:00+08:00",
    "2026-03-01T24:00:00+08:00",
    "2026-03-01T10:60:00+08:00",
    "2026-03-01T10:00:60Z",
    "2026-13-01T10:00:00Z",
    "2026-00-10T10:00:00Z",
    "2026-03-00T10:00:00Z",
    "2026-03-32T10:00:00Z",
    "2026-3-1T10:00:00Z",
    "2026-03-01T10:00:00+0800",
    "2026-03-01T10:00:00+24:00",
    "2026-03-01T10:00:00.Z",
    "2026-03-01T10:00:00.1234567890Z",
    "2026-03-01t10:00:00z",
    "+002026-03-01T10:00:00Z",
    " 2026-03-01T10:00:00Z",
    "2026-03-01T10:00:00Z\n",
    "２０２６-03-01T10:00:00Z",
  ])("%j is none", (instant) => {
    expect(INSTANT_PATTERN.test(instant)).toBe(false);
  });
});
