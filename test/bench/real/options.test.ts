import { describe, expect, test } from "@jest/globals";
import { parseOptions, UsageError } from "../../../bench/real/options.js";

describe("command line", () => {
  test("evaluates every set unless some are named", () => {
    expect(parseOptions(["data"]).sets.map((set) => set.name)).toEqual([
      "atm",
      "handbook",
      "medical_swipes",
      "paysim",
    ]);
    const { sets, ...others } = parseOptions(["data", "paysim", "atm", "--json", "--ruleset", "own.json"]);
    expect(sets.map((set) => set.name)).toEqual(["paysim", "atm"]);
    expect(others).toEqual({ dataFolder: "data", rulesetFile: "own.json", json: true });
  });

  test.each([
    [[], "DATA_DIR is missing"],
    [["data", "visa"], 'no set "visa"; expected atm, handbook, medical_swipes, paysim'],
    [["data", "--fast"], "Unknown option '--fast'"],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
