/** The life of a loss through several records, seen by the swipes it meets (rules.md section 1; card/loss-life.ts). */

import { describe, expect, test } from "@jest/globals";
import { instantOf, type RecordFields } from "../raw-records.js";
import { metBy, transitionOf } from "./given.js";

const report = (fields: RecordFields): RecordFields => ({ action: "report-loss", channel: "app", ...fields });

describe("a second report", () => {
  test("while open, keeps the earliest report and effect and takes the new expiry", () => {
    const given = [
      report({ at: "-9d", effectiveAt: "-8d", expiresAt: "-1d" }),
      report({ at: "-2d", expiresAt: "+1d" }),
    ];
    expect(metBy(given, { at: "-9d+1h" })).toBe("challenge R02");
    expect(metBy(given, { at: "-8d" })).toBe("reject R01");
    expect(metBy(given, { at: "+1d-1ms" })).toBe("reject R01");
    expect(metBy(given, { at: "+1d" })).toBe("challenge R03");
  });

  test("may shorten the time that is left", () => {
    const given = [report({ at: "-9d", expiresAt: "+9d" }), report({ at: "-2d", expiresAt: "-1d" })];
    expect(metBy(given, { at: "-1d" })).toBe("challenge R03");
  });

  test("after the lapse opens a new interval that ends the old one at its effect", () => {
    const given = [
      report({ at: "-9d", expiresAt: "-5d" }),
      report({ at: "-3d", effectiveAt: "-2d", expiresAt: "-1d" }),
    ];
    expect(metBy(given, { at: "-4d" })).toBe("challenge R03");
    expect(metBy(given, { at: "-3d" })).toBe("challenge R02 R03");
    expect(metBy(given, { at: "-2d" })).toBe("reject R01");
    expect(metBy(given, { at: "-1d" })).toBe("challenge R03");
  });

  test("that is formal makes the loss formal, without an expiry", () => {
    const given = [report({ at: "-9d", expiresAt: "-5d" }), report({ at: "-8d", channel: "counter" })];
    expect(metBy(given, { at: "+0m" })).toBe("reject R01");
    expect(transitionOf(given, { at: "+0m", action: "release" })).toMatchObject({
      code: "RELEASE_OF_FORMAL",
    });
  });

  test("after a release is a loss of its own", () => {
    const given = [
      report({ at: "-9d" }),
      { at: "-8d", action: "release" },
      report({ at: "-1d", effectiveAt: "+1h" }),
    ];
    expect(metBy(given, { at: "-2d" })).toBe("approve");
    expect(metBy(given, { at: "+0m" })).toBe("challenge R02");
  });
});

describe("a provisional loss", () => {
  test("is active again 365 days after it lapsed, and may be reported anew", () => {
    const given = [report({ at: "-370d", expiresAt: "-366d" })];
    expect(transitionOf(given, { at: "+0m", action: "release" })).toMatchObject({
      from: "active",
      code: "NOTHING_TO_RELEASE",
    });
    expect(transitionOf(given, report({ at: "+0m" }))).toMatchObject({ from: "active", to: "provisional" });
  });
});

describe("a confirmation", () => {
  test("with a later effect leaves the provisional block in force and takes its expiry away", () => {
    const given = [
      report({ at: "-9d", expiresAt: "-5d" }),
      { at: "-6d", action: "confirm-loss", effectiveAt: "-4d" },
    ];
    expect(metBy(given, { at: "-5d" })).toBe("reject R01");
    expect(metBy(given, { at: "+300d" })).toBe("reject R01");
  });

  test("of a pending report brings its own effect", () => {
    const given = [report({ at: "-5h", channel: "phone" }), { at: "-1h", action: "confirm-loss" }];
    expect(metBy(given, { at: "-1h-1ms" })).toBe("challenge R02");
    expect(metBy(given, { at: "-1h" })).toBe("reject R01");
  });
});

describe("a filed replacement", () => {
  test("refuses the release from its acceptance on, even before its effect", () => {
    const given = [report({ at: "-5h" }), { at: "-1h", action: "file-replacement", effectiveAt: "+5h" }];
    expect(transitionOf(given, { at: "+0m", action: "release" })).toMatchObject({
      applied: false,
      code: "RELEASE_AFTER_REPLACEMENT",
    });
    expect(metBy(given, { at: "+0m" })).toBe("reject R01");
  });

  test("without an earlier report blocks by itself", () => {
    expect(metBy([{ at: "-1h", action: "file-replacement" }], { at: "+0m" })).toBe("reject R01");
  });
});

describe("records without a number", () => {
  test("a report without one covers every number, a release of one number frees that number only", () => {
    const given = [report({ at: "-5h", cardNumber: null }), { at: "-1h", action: "release" }];
    expect(metBy(given, { at: "+0m" })).toBe("approve");
    expect(metBy(given, { at: "+0m", cardNumber: "card-2" })).toBe("reject R01");
    expect(metBy(given, { at: "+0m", cardNumber: null })).toBe("reject R01");
  });

  test("a release without one frees every number", () => {
    const given = [
      report({ at: "-5h" }),
      report({ at: "-4h", cardNumber: "card-2" }),
      { at: "-1h", action: "release", cardNumber: null },
    ];
    expect(metBy(given, { at: "+0m" })).toBe("approve");
    expect(metBy(given, { at: "+0m", cardNumber: "card-2" })).toBe("approve");
  });

  test("a replacement ends the report that covered all and leaves the new number free", () => {
    const given = [
      report({ at: "-5h", cardNumber: null }),
      { at: "-1h", action: "replace", newCardNumber: "card-2" },
    ];
    expect(metBy(given, { at: "+0m" })).toBe("reject R04");
    expect(metBy(given, { at: "+0m", cardNumber: "card-2" })).toBe("approve");
    expect(metBy(given, { at: "+0m", cardNumber: null })).toBe("approve");
  });

  test("a new report of the new number is a loss of its own", () => {
    const given = [
      report({ at: "-5h" }),
      { at: "-2h", action: "replace", newCardNumber: "card-2" },
      report({ at: "-1h", cardNumber: "card-2" }),
    ];
    expect(metBy(given, { at: "+0m", cardNumber: "card-2" })).toBe("reject R01");
    expect(transitionOf(given, { at: "+0m", action: "release", cardNumber: "card-2" })).toMatchObject({
      from: "provisional",
      to: "active",
    });
  });
});

describe("a reported identity document", () => {
  const lost = report({ at: "-5h", credential: "identity-document", channel: "phone" });

  test("leaves its swipes reviewed from the report until the release", () => {
    const given = [lost, { at: "+0m", action: "release", credential: "identity-document" }];
    const swipe = { credential: "identity-document" };
    expect(metBy(given, { ...swipe, at: "-5h-1ms" })).toBe("approve");
    expect(metBy(given, { ...swipe, at: "-5h" })).toBe("review ID_REPORTED_LOST");
    expect(metBy(given, { ...swipe, at: "-1ms" })).toBe("review ID_REPORTED_LOST");
    expect(metBy(given, { ...swipe, at: "+0m" })).toBe("approve");
  });

  test("covers all identity documents of the person, and no card", () => {
    expect(metBy([lost], { at: "+0m", credential: "identity-document", cardNumber: null })).toBe(
      "review ID_REPORTED_LOST",
    );
    expect(metBy([lost], { at: "+0m" })).toBe("approve");
  });

  test("does not lapse", () => {
    const given = [{ ...lost, at: "-300d", expiresAt: "-200d" }];
    expect(metBy(given, { at: "+0m", credential: "identity-document" })).toBe("review ID_REPORTED_LOST");
  });
});

describe("closed losses", () => {
  /** Losses of one day every ten days, the last one closed ten days ago. */
  const losses = (count: number) =>
    Array.from({ length: count }, (_, index) => [
      report({ at: `-${10 * (count - index) + 1}d` }),
      { at: `-${10 * (count - index)}d`, action: "release" },
    ]).flat();

  test("the last four are kept: a swipe that arrives late is judged by its own time", () => {
    expect(metBy(losses(4), { at: "-41d+1h", receivedAt: "+0m" })).toBe("reject R01 BACKDATED");
  });

  test("of five the first is forgotten", () => {
    expect(metBy(losses(5), { at: "-51d+1h", receivedAt: "-51d+1h" })).toBe("approve");
    expect(metBy(losses(5), { at: "-41d+1h", receivedAt: "-41d+1h" })).toBe("reject R01");
  });
});

describe("order of records", () => {
  test("a report older than the last one is folded into the past", () => {
    const given = [report({ at: "-1h", acceptedAt: "-1h" })];
    const late = report({ at: "+0m", reportedAt: "-5h", acceptedAt: "-5h" });
    expect(transitionOf(given, late)).toMatchObject({
      applied: true,
      code: "OUT_OF_ORDER",
      from: "active",
      to: "provisional",
      effectiveAt: instantOf("-5h"),
    });
    expect(metBy([...given, late], { at: "-3h" })).toBe("reject R01");
  });

  test("a late confirmation makes an already applied release one of a formal loss", () => {
    const given = [
      report({ at: "-5h" }),
      { at: "-1h", action: "release" },
      { at: "+0m", action: "confirm-loss", reportedAt: "-3h", acceptedAt: "-3h" },
    ];
    expect(metBy(given, { at: "+1m" })).toBe("reject R01");
  });

  test.each([
    ["the PIN", { at: "-1h", action: "pin-lock" }, "pin-unlock"],
    ["the activation", { at: "-1h", action: "issue" }, "activate"],
    ["the person's blocks", { at: "-1h", action: "freeze" }, "suspend"],
  ])("records of %s are in order among themselves", (_name, earlier, action) => {
    const late = { at: "+0m", action, acceptedAt: "-2h", reportedAt: "-2h" };
    expect(transitionOf([earlier], late)).toMatchObject({ applied: true, code: "OUT_OF_ORDER" });
  });

  test("records of different kinds are not", () => {
    const late = { at: "+0m", action: "freeze", acceptedAt: "-2h", reportedAt: "-2h" };
    expect(transitionOf([report({ at: "-1h" })], late)).toMatchObject({ applied: true, code: null });
  });

  test("a record accepted at the same moment is in order", () => {
    const given = [report({ at: "-1h", acceptedAt: "-1h" })];
    const when = { at: "+0m", action: "release", reportedAt: "-1h", acceptedAt: "-1h" };
    expect(transitionOf(given, when)).toMatchObject({ applied: true, code: null, to: "active" });
  });
});
