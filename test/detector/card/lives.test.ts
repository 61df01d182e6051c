/** Activation, PIN lock, temporary issue, numbers and blocks of the person, moment by moment (card/lives.ts). */

import { describe, expect, test } from "@jest/globals";
import type { RecordFields } from "../raw-records.js";
import { metBy } from "./given.js";

describe("activation", () => {
  test("a card without an issue is active", () => {
    expect(metBy([{ at: "-1h", action: "activate" }], { at: "-2h" })).toBe("approve");
  });

  test("a swipe between two issues is judged by the first", () => {
    const given = [
      { at: "-5h", action: "issue", effectiveAt: "-4h" },
      { at: "-1h", action: "issue" },
    ];
    expect(metBy(given, { at: "-4h-1ms" })).toBe("reject R05");
    expect(metBy(given, { at: "-4h" })).toBe("approve");
    expect(metBy(given, { at: "-1h" })).toBe("reject R05");
  });

  test("an activation before the issue does not activate it", () => {
    const given = [
      { at: "-2h", action: "activate" },
      { at: "-1h", action: "issue" },
    ];
    expect(metBy(given, { at: "+0m" })).toBe("reject R05");
  });

  test("an activation without a number activates every card", () => {
    const given = [
      { at: "-2h", action: "issue" },
      { at: "-1h", action: "activate", cardNumber: null },
    ];
    expect(metBy(given, { at: "+0m" })).toBe("approve");
  });

  test("a lost inactive card is both", () => {
    const given = [
      { at: "-2h", action: "issue" },
      { at: "-1h", action: "report-loss", channel: "app" },
    ];
    expect(metBy(given, { at: "+0m" })).toBe("reject R01 R05");
  });
});

describe("PIN lock", () => {
  const swipe = { at: "+0m", pin: "ok" };

  test.each([
    ["of one number leaves another free", { action: "pin-lock", cardNumber: "card-2" }, "approve"],
    ["without a number locks all of the credential", { action: "pin-lock", cardNumber: null }, "reject R08"],
    [
      "of an e-credential leaves the card free",
      { action: "pin-lock", credential: "e-credential" },
      "approve",
    ],
    ["until a moment ends then", { action: "pin-lock", until: "+0m" }, "approve"],
    ["until a moment holds before", { action: "pin-lock", until: "+1ms" }, "reject R08"],
    ["counts from its effect", { action: "pin-lock", effectiveAt: "+1ms" }, "approve"],
  ])("%s", (_name, lock, then) => {
    expect(metBy([{ at: "-1h", ...lock }], swipe)).toBe(then);
  });

  test("locked again after the unlock", () => {
    const given = ["pin-lock", "pin-unlock", "pin-lock"].map((action, index) => ({
      at: `-${3 - index}h`,
      action,
    }));
    expect(metBy(given, swipe)).toBe("reject R08");
    expect(metBy(given, { ...swipe, at: "-2h" })).toBe("approve");
    expect(metBy(given, { ...swipe, at: "-2h-1ms" })).toBe("reject R08");
  });

  test("a lock by the count is lifted by an unlock of that number", () => {
    const wrong = ["-5h", "-4h", "-3h"].map((at): RecordFields => ({ at, pin: "wrong" }));
    expect(metBy([...wrong, { at: "-1h", action: "pin-unlock" }], swipe)).toBe("approve");
    expect(metBy([...wrong, { at: "-1h", action: "pin-unlock", cardNumber: "card-2" }], swipe)).toBe(
      "reject R08",
    );
  });
});

describe("temporary credentials", () => {
  const swipe = { at: "+0m", credential: "temporary-card" };

  test("the number that was issued counts", () => {
    const given = [{ at: "-61d", action: "issue-temporary", cardNumber: "t-2" }];
    expect(metBy(given, swipe)).toBe("approve");
    expect(metBy(given, { ...swipe, cardNumber: "t-2" })).toBe("reject R06");
  });

  test("an issue without a number counts for all", () => {
    expect(metBy([{ at: "-61d", action: "issue-temporary", cardNumber: null }], swipe)).toBe("reject R06");
  });

  test("a swipe before a later issue is judged by the earlier one", () => {
    const given = [
      { at: "-30d", action: "issue-temporary", until: "-20d" },
      { at: "-10d", action: "issue-temporary" },
    ];
    expect(metBy(given, { ...swipe, at: "-15d" })).toBe("reject R06");
    expect(metBy(given, swipe)).toBe("approve");
  });

  test("an activation of a card ends no temporary card", () => {
    const given = [
      { at: "-2d", action: "issue-temporary" },
      { at: "-1d", action: "activate" },
    ];
    expect(metBy(given, swipe)).toBe("approve");
  });

  test("a lost temporary card is free again after its replacement", () => {
    const given = [
      { at: "-2d", action: "issue-temporary", cardNumber: null },
      { at: "-2d", action: "report-loss", credential: "temporary-card", channel: "app", cardNumber: null },
      { at: "-1d", action: "replace", credential: "temporary-card", newCardNumber: "t-2" },
    ];
    expect(metBy(given, { ...swipe, at: "-1d-1ms" })).toBe("reject R06");
    expect(metBy(given, { ...swipe, cardNumber: "t-2" })).toBe("approve");
  });
});

describe("numbers", () => {
  test("cancelling without a number voids every number of the credential", () => {
    const given = [{ at: "-1h", action: "cancel", cardNumber: null }];
    expect(metBy(given, { at: "+0m", cardNumber: "card-7" })).toBe("reject R04");
    expect(metBy(given, { at: "+0m", credential: "e-credential" })).toBe("approve");
  });

  test("two replacements at one moment: the later record in the journal counts", () => {
    const given = [
      { at: "-1h", action: "replace", newCardNumber: "card-2" },
      { at: "-1h", action: "replace", newCardNumber: "card-3" },
    ];
    expect(metBy(given, { at: "+0m", cardNumber: "card-3" })).toBe("approve");
    expect(metBy(given, { at: "+0m", cardNumber: "card-2" })).toBe("reject R04");
  });

  test("between two replacements the number of the first is valid", () => {
    const given = [
      { at: "-2h", action: "replace", newCardNumber: "card-2" },
      { at: "+0m", action: "replace", newCardNumber: "card-3" },
    ];
    expect(metBy(given, { at: "-1ms", cardNumber: "card-2" })).toBe("approve");
    expect(metBy(given, { at: "-1ms", cardNumber: "card-3" })).toBe("reject R04");
  });
});

describe("blocks of the person", () => {
  test.each([
    [
      "a shorter `until` of a later record corrects the first",
      [{ until: "+9d" }, { until: "-1h" }],
      "approve",
    ],
    [
      "a longer `until` of a later record corrects the first",
      [{ until: "-1h" }, { until: "+9d" }],
      "reject R07",
    ],
    ["a later record without `until` holds on", [{ until: "-1h" }, {}], "reject R07"],
  ])("%s", (_name, suspensions, then) => {
    const given = suspensions.map((fields, index) => ({
      at: `-${9 - index}d`,
      action: "suspend",
      ...fields,
    }));
    expect(metBy(given, { at: "+0m" })).toBe(then);
  });

  test("nothing lifts the block of a deceased person", () => {
    const given = ["deceased", "resume", "unfreeze"].map((action, index) => ({
      at: `-${9 - index}d`,
      action,
    }));
    expect(metBy(given, { at: "+0m" })).toBe("reject R07");
  });

  test("a block names the person, whatever number or credential the record carries", () => {
    const given = [{ at: "-1d", action: "freeze", credential: "e-credential", cardNumber: "e-1" }];
    expect(metBy(given, { at: "+0m", accountFen: 1 })).toBe("reject R07");
  });
});
