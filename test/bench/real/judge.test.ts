import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseOutcome, replayJudge } from "../../../bench/real/judge.js";
import { collect, withDataFolder } from "./sample-set.js";

/** Takes the command line of `kadun replay`; approves each line, and names the ruleset in a reason. */
const COMMAND = `
import { readFileSync, writeFileSync } from "node:fs";
const [verb, input, ...rest] = process.argv.slice(2);
const option = (name) => rest[rest.indexOf(name) + 1];
const rule = rest.includes("--ruleset") ? option("--ruleset") : "default";
const reasons = [{ rule, mode: "live", action: "review", code: "ignored" }];
const lines = readFileSync(input, "utf8").trimEnd().split("\\n").map((line) => JSON.parse(line));
const outcomes = lines.flatMap(({ eventId }) => [
  { type: "decision", eventId, action: "review", reasons },
  { type: "duplicate", eventId, action: null },
]);
writeFileSync(option("--out"), outcomes.map((outcome) => JSON.stringify(outcome) + "\\n").join(""));
if (verb !== "replay") process.exitCode = 64;
if (lines.some(({ eventId }) => eventId === "bad")) {
  console.error("line 1: refused");
  process.exitCode = 2;
}
`;

const judge = (eventIds: readonly string[], ruleset: string | null) =>
  withDataFolder({ "command.mjs": COMMAND }, (folder) => {
    const replay = replayJudge(join(folder, "command.mjs"));
    return collect(
      replay(
        eventIds.map((eventId) => ({ eventId })),
        ruleset,
      ),
    );
  });

describe("replaying through the command line", () => {
  test("yields one decision per record and leaves other outcomes out", async () => {
    const outcomes = await judge(["a", "b"], null);
    expect(outcomes.map(({ type, eventId, action }) => [type, eventId, action])).toEqual([
      ["decision", "a", "review"],
      ["decision", "b", "review"],
    ]);
    expect(outcomes[0]?.reasons).toEqual([{ rule: "default", mode: "live", action: "review" }]);
  });

  test("hands the ruleset file on", async () => {
    expect((await judge(["a"], "own.json"))[0]?.reasons[0]?.rule).toBe("own.json");
  });

  test("a refused swipe is an error with the command's own words", async () => {
    await expect(judge(["bad"], null)).rejects.toThrow(
      "kadun replay ended with status 2; expected 0, every swipe judged:\nline 1: refused",
    );
  });

  test("an outcome of another shape is refused by line", () => {
    expect(() => parseOutcome('{"type":"decision","eventId":"a"}', "outcomes line 3")).toThrow(
      "outcomes line 3",
    );
  });
});
