/** When the guard objects, and what it says. */

import { describe, expect, it } from "@jest/globals";
import { guardVerdict, type LastDayShares } from "../../services/bundles/guard-limits.js";

function shares(draft: object, running: object = {}, swipes = 10_000, gained = {}): LastDayShares {
  const none = { reject: 0, challenge: 0 };
  return { swipes, running: { ...none, ...running }, draft: { ...none, ...draft }, gained };
}

describe("the guard", () => {
  it("is content where nothing changes, however much is stopped now", () => {
    const same = { reject: 300, challenge: 200 };
    expect(guardVerdict(shares(same, same))).toEqual({
      result: "ok",
      text: "on the journal's last day, 10000 swipes: reject 3.00 % (running 3.00 %), challenge 2.00 % (running 2.00 %)",
      numbers: {
        swipes: 10_000,
        rejectShare: 0.03,
        runningRejectShare: 0.03,
        challengeShare: 0.02,
        runningChallengeShare: 0.02,
      },
    });
  });

  it.each([
    ["exactly one in a hundred", { reject: 100 }, { reject: 60 }, "ok"],
    ["one swipe more", { reject: 101 }, { reject: 60 }, "objection"],
    ["challenges as well", { challenge: 101 }, { challenge: 60 }, "objection"],
    ["exactly twice", { reject: 40 }, { reject: 20 }, "ok"],
    ["more than twice", { reject: 41 }, { reject: 20 }, "objection"],
    ["nine swipes where there were none", { reject: 9 }, {}, "ok"],
    ["ten swipes where there were none", { reject: 10 }, {}, "objection"],
    ["less than now, still above the limit", { reject: 150 }, { reject: 200 }, "ok"],
    [
      "fewer rejections but many challenges instead",
      { reject: 10, challenge: 150 },
      { reject: 100 },
      "objection",
    ],
  ])("%s", (_, draft, running, result) => {
    expect(guardVerdict(shares(draft, running)).result).toBe(result);
  });

  it("names what is too much and the rules that are behind it, the strongest first", () => {
    const gained = { R12: 2_900, R14: 80, R09: 80, R19: 3, R20: 0 };
    const { text } = guardVerdict(
      shares({ reject: 3_000, challenge: 5 }, { reject: 20, challenge: 5 }, 10_000, gained),
    );
    expect(text).toBe(
      "on the journal's last day, 10000 swipes: reject 30.00 % (running 0.20 %), challenge 0.05 % (running 0.05 %); " +
        "reject: more than 1 % of swipes and more than 2 times what runs; " +
        "most by R12 (2900 swipes), R09 (80 swipes), R14 (80 swipes)",
    );
  });

  it.each([0, 999])("objects to judge by %i swipes, whatever they say", (swipes) => {
    const verdict = guardVerdict(shares({}, {}, swipes));
    expect(verdict).toMatchObject({ result: "objection", numbers: { swipes, rejectShare: 0 } });
    expect(verdict.text).toContain(`too little to judge by: the journal's last day has ${swipes} swipes`);
  });
});
