import { describe, expect, test } from "@jest/globals";
import type { CsvRow } from "../../../bench/real/csv.js";
import { fenOf, instantAfter, instantOf, numberOf } from "../../../bench/real/values.js";

const row = (text: string): CsvRow<"value"> => ({ place: "set.csv line 2", text: () => text });

describe("values of a set", () => {
  test.each([
    ["57.16", 5716],
    ["0.29", 29],
    ["10000000.0", 1_000_000_000],
    ["0", 0],
  ])("%s is %d fen", (text, fen) => expect(fenOf(row(text), "value")).toBe(fen));

  test("a local time becomes Shanghai's", () => {
    expect(instantOf(row("2018-04-01 00:00:47"), "value")).toBe("2018-04-01T00:00:47.000+08:00");
  });

  test("hours are counted from the given start", () => {
    expect(instantAfter(Date.UTC(2020, 0, 1), 17)).toBe("2020-01-02T01:00:00.000+08:00");
  });

  test.each([
    ["an empty number", () => numberOf(row(""), "value"), 'set.csv line 2: value is ""; expected a number'],
    ["words", () => numberOf(row("ten"), "value"), "expected a number"],
    ["a negative amount", () => fenOf(row("-1"), "value"), "expected an amount of 0 or more"],
    ["a date alone", () => instantOf(row("2018-04-01"), "value"), "expected YYYY-MM-DD hh:mm:ss"],
  ])("%s is refused by place", (_, read, message) => expect(read).toThrow(message));
});
