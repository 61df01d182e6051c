import { describe, expect, test } from "@jest/globals";
import { grouped } from "../../../bench/real/table.js";

describe("numbers in a table", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [872795, "872,795"],
    [12345678, "12,345,678"],
  ])("%d is written %s", (count, text) => expect(grouped(count)).toBe(text));
});
