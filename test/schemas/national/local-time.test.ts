import { describe, expect, test } from "@jest/globals";
import {
  compactTimeOf,
  endInstantOf,
  instantOf,
  localMoment,
  localTime,
  localTimeOf,
} from "../../../schemas/national/local-time.js";

describe("times without an offset are those of Shanghai", () => {
  test("a time, a date, and the end of a day", () => {
    expect(instantOf("2026-03-01 10:00:00")).toBe("2026-03-01T10:00:00+08:00");
    expect(instantOf("2026-03-01")).toBe("2026-03-01T00:00:00+08:00");
    expect(endInstantOf("2026-02-28")).toBe("2026-03-01T00:00:00.000+08:00");
    expect(endInstantOf("2026-03-01 12:00:00")).toBe("2026-03-01T12:00:00+08:00");
  });

  test("an instant of another offset is written in Shanghai's", () => {
    expect(localTimeOf("2026-03-01T02:00:00.999Z")).toBe("2026-03-01 10:00:00");
  });

  test("a reply's 17 digits", () => {
    expect(compactTimeOf(Date.UTC(2026, 2, 1, 2, 3, 4, 56))).toBe("20260301100304056");
  });

  test.each([
    "2026-02-30 10:00:00",
    "2026-03-01",
    "20260301100000",
    "2026-03-01T10:00:00+08:00",
    "2026-3-1 1:0:0",
  ])("%s is no time", (text) => expect(localTime.safeParse(text).success).toBe(false));

  test("a moment may be a date, which has to exist", () => {
    expect(localMoment.safeParse("2026-02-28").success).toBe(true);
    expect(localMoment.safeParse("2026-02-29").success).toBe(false);
  });
});
