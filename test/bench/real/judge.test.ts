import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { replayJudge } from "../../../bench/real/judge.js";
import type { RawSwipe } from "../../../schemas/raw.js";
import { type RawFields, rawSwipe } from "../../support/records.js";
import { collect, withDataFolder } from "./sample-set.js";

const swipe = (eventId: string, fields: RawFields = {}) => rawSwipe({ eventId, ...fields }) as RawSwipe;

/** Two pharmacies of different chains at the same moment: R16 asks for a review, unless it is off. */
const TWO_PHARMACIES = ["a", "b"].map((eventId) =>
  swipe(eventId, { institutionId: eventId, institutionKind: "pharmacy" }),
);
const R16_OFF = { name: "quiet", version: "1", extends: "default", rules: [{ id: "R16", mode: "off" }] };

const actionsOf = async (rulesetFile: string | null) =>
  (await collect(replayJudge(TWO_PHARMACIES, rulesetFile))).map(({ eventId, action, reasons }) => [
    eventId,
    action,
    reasons.map(({ rule }) => rule),
  ]);

describe("judging the swipes of a set", () => {
  test("yields one decision per swipe, under the default bundle", async () => {
    expect(await actionsOf(null)).toEqual([
      ["a", "approve", []],
      ["b", "review", ["R16"]],
    ]);
  });

  test("judges under the ruleset file that is named", async () => {
    await withDataFolder({ "quiet.json": JSON.stringify(R16_OFF) }, async (folder) => {
      expect(await actionsOf(join(folder, "quiet.json"))).toEqual([
        ["a", "approve", []],
        ["b", "approve", []],
      ]);
    });
  });

  test("yields a decision before the next swipe is read, so that no set is held in memory", async () => {
    const read: string[] = [];
    function* records() {
      for (const record of TWO_PHARMACIES) {
        read.push(record.eventId);
        yield record;
      }
    }
    for await (const { eventId } of replayJudge(records(), null)) expect(read.at(-1)).toBe(eventId);
    expect(read).toEqual(["a", "b"]);
  });

  test("a refused swipe stops the evaluation and is named", async () => {
    await expect(collect(replayJudge([swipe("a"), swipe("bad", { totalFen: -1 })], null))).rejects.toThrow(
      /^swipe bad: FIELD_INVALID in totalFen: .*; correct the converter$/,
    );
  });

  test("a swipe that comes twice stops the evaluation", async () => {
    await expect(collect(replayJudge([swipe("a"), swipe("a")], null))).rejects.toThrow("swipe a came twice");
  });
});
