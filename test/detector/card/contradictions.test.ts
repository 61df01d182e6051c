/**
 * Every contradiction of docs/domain.md 1.7, what the product makes of it, and the releases and replacements of 1.2 and
 * 1.3. Base of all moments: Wednesday 2026-05-06 10:00.
 */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { lossPoliciesFile } from "../../../schemas/bundle/loss-policies.js";
import { lossFactsFile } from "../../../schemas/loss-facts.js";
import type { DecisionOutcome } from "../../../schemas/outcomes.js";
import { LOSS_PASSAGES } from "../../../services/detector/card/transitions.js";
import { judgeRecords } from "../../support/judge.js";
import { changedBundle } from "../changed-bundle.js";
import { instantOf, type RecordFields, rawRecord } from "../raw-records.js";
import { metBy, outcomesOf, transitionOf, verdictOf } from "./given.js";

const read = (name: string): unknown => JSON.parse(readFileSync(`rulesets/${name}.json`, "utf8"));
const facts = lossFactsFile.parse(read("loss-facts"));
const policies = lossPoliciesFile.parse(read("loss-policies"));

const report = (region: string, channel: string, fields: RecordFields = {}): RecordFields => ({
  at: "+0m",
  action: "report-loss",
  region,
  channel,
  ...fields,
});
const APP = report("330100", "app", { at: "-1d" });

/** The topics of 1.7, and pin-lock-limit of 1.5. */
const TOPICS = [
  "hotline",
  "provisional-validity",
  "effective-delay",
  "on-expiry",
  "phone-precondition",
  "e-credential",
  "old-number",
  "suspension",
  "damage",
  "pin-lock-limit",
];

test("every contradiction is kept as data with the sources of its values", () => {
  expect(facts.contradictions.map(({ topic }) => topic)).toEqual(TOPICS);
});

describe("hotline", () => {
  test("each city's row names its own, the national one both", () => {
    const contactOf = (id: string) => policies.rows.find((row) => row.id === id)?.contact;
    expect([contactOf("BJ-1"), contactOf("CQ-14"), contactOf("NJ-8"), contactOf("CN-17")]).toEqual([
      "96102",
      "16866999",
      "12333、86590922",
      "12393、12333",
    ]);
  });

  test("a refused holder is told 12393", () => {
    const [decision] = outcomesOf([APP], { at: "+0m" }) as DecisionOutcome[];
    expect(decision!.advice?.["zh-CN"]).toContain("12393");
  });
});

describe("provisional validity", () => {
  test.each<[string, RecordFields, string | null, string | null]>([
    [
      "24 hours (temporary card): its report never lapses",
      report("330100", "phone", { credential: "temporary-card" }),
      null,
      null,
    ],
    ["72 hours", report("510100", "phone"), "2026-05-09 10:00", "2026-05-09 10:00"],
    [
      "2 working days (generic): the row of 7 to 15 days stands",
      report("330100", "phone"),
      "2026-05-13 00:00",
      "2026-05-21 00:00",
    ],
    ["3 working days", report("320100", "phone"), "2026-05-10 00:00", "2026-05-10 00:00"],
    ["10 days", report("110000", "phone"), "2026-05-16 00:00", "2026-05-16 00:00"],
    ["not stated", report("350500", "phone"), null, null],
  ])("%s", (_name, when, min, max) => {
    expect(transitionOf([], when)).toMatchObject({
      expiresAtMin: min && instantOf(min),
      expiresAtMax: max && instantOf(max),
    });
  });

  test("the expiry that the source of the record gives wins over every row", () => {
    expect(transitionOf([], report("110000", "phone", { expiresAt: "+7d" }))).toMatchObject({
      expiresAtMin: instantOf("+7d"),
      expiresAtMax: instantOf("+7d"),
    });
  });
});

describe("effective delay", () => {
  test.each<[string, RecordFields, string]>([
    ["at once", report("110000", "phone"), "+0m"],
    ["1 to 2 hours: the longest", report("330100", "phone", { credential: "temporary-card" }), "+2h"],
    ["within 24 hours: the longest", report("330100", "phone"), "+24h"],
    [
      "1 to 2 working days: the longest",
      report("330100", "web", { credential: "temporary-card" }),
      "2026-05-09 00:00",
    ],
    ["not stated: at once", report("350500", "pharmacy"), "+0m"],
    ["given by the source: that", report("330100", "phone", { effectiveAt: "+10m" }), "+10m"],
  ])("%s", (_name, when, effectiveAt) => {
    expect(transitionOf([], when)).toMatchObject({ effectiveAt: instantOf(effectiveAt) });
  });

  test("until the effect a swipe is challenged and disputed", () => {
    const [decision] = outcomesOf([report("330100", "phone")], { at: "+1h" }) as DecisionOutcome[];
    expect(verdictOf(decision!)).toBe("challenge R02");
    expect(decision!.disputed).toBe(true);
  });
});

describe("on expiry", () => {
  test.each([
    ["released automatically (Beijing)", "110000", "2026-05-16 00:00"],
    ["released automatically (Nanjing)", "320100", "2026-05-10 00:00"],
    ["settlement restored (generic)", "330100", "2026-05-21 00:00"],
    ["not stated (Chengdu)", "510100", "2026-05-09 10:00"],
  ])("%s: the loss is lapsed, not active", (_name, region, at) => {
    const given = [report(region, "phone")];
    expect(metBy(given, { at, insuredRegion: region, careRegion: region })).toBe("challenge R03");
    expect(transitionOf(given, { at, action: "confirm-loss", region })).toMatchObject({ from: "lapsed" });
  });

  test("half a year later a formal report is still accepted", () => {
    const given = [report("110000", "phone", { at: "-182d" })];
    expect(transitionOf(given, { at: "+0m", action: "confirm-loss", region: "110000" })).toMatchObject({
      applied: true,
      from: "lapsed",
      to: "formal",
    });
  });
});

describe("phone precondition", () => {
  test.each(["110000", "320100", "350500", "500000", "330100"])(
    "in %s a report whose precondition was not met changes nothing",
    (region) => {
      const when = report(region, "phone", { verification: { complete: false, methods: ["id-number"] } });
      expect(transitionOf([], when)).toMatchObject({ applied: false, code: "NOT_VERIFIED", to: "active" });
    },
  );

  test("what a row requires is data: card number required, remembered, or a password", () => {
    const requires = (id: string) => policies.rows.find((row) => row.id === id)?.requires;
    expect(requires("NJ-8")).toContain("card-number");
    expect(requires("CN-17")).not.toContain("card-number");
    expect(requires("QZ-11")).toContain("card-password");
    expect(requires("CQ-14")).toContain("card-password");
  });
});

describe("e-credential", () => {
  const swipe = { at: "+1h", credential: "e-credential" };

  test("works while the card is lost", () => {
    expect(metBy([APP], swipe)).toBe("approve");
  });

  test("stops with the card where the region's settings say so", () => {
    const loaded = changedBundle({ policies: { regions: { "3301": { blockECredential: true } } } });
    const judged = judgeRecords([rawRecord(APP, "loss"), rawRecord(swipe, "swipe")], loaded);
    expect(verdictOf(judged[1]!.outcome as DecisionOutcome)).toBe("reject R01");
  });

  test("bound again after the new card: recorded, the state stays, and it works", () => {
    const replaced = { at: "-2h", action: "replace", newCardNumber: "card-2" };
    const rebind = { at: "-1h", action: "rebind-e-credential", credential: "e-credential" };
    expect(transitionOf([APP, replaced], rebind)).toMatchObject({
      applied: true,
      code: null,
      from: "active",
      to: "active",
    });
    expect(metBy([APP, replaced, rebind], swipe)).toBe("approve");
  });

  test("needs no binding again to work after the new card", () => {
    expect(metBy([APP, { at: "-2h", action: "replace", newCardNumber: "card-2" }], swipe)).toBe("approve");
  });

  test("that was reported itself is not freed by binding it again, but by its release or replacement", () => {
    const reported = { ...APP, credential: "e-credential" };
    const rebind = { at: "-1h", action: "rebind-e-credential", credential: "e-credential" };
    const freed = (action: string) => ({ at: "-1h", action, credential: "e-credential" });
    expect(transitionOf([reported], rebind)).toMatchObject({ applied: true, to: "provisional" });
    expect(metBy([reported, rebind], swipe)).toBe("reject R01");
    expect(metBy([reported, freed("release")], swipe)).toBe("approve");
    expect(
      metBy([reported, { ...freed("replace"), newCardNumber: "e-credential-2" }], {
        ...swipe,
        cardNumber: "e-credential-2",
      }),
    ).toBe("approve");
  });
});

describe("old number", () => {
  const replaced = (newCardNumber: string | null) => [APP, { at: "-2h", action: "replace", newCardNumber }];

  test("a new number: it is valid, the old one is not", () => {
    expect(metBy(replaced("card-2"), { at: "+0m", cardNumber: "card-2" })).toBe("approve");
    expect(metBy(replaced("card-2"), { at: "+0m" })).toBe("reject R04");
  });

  test("a new number not stated: the next one first seen", () => {
    expect(metBy([...replaced(null), { at: "-1h", cardNumber: "card-7" }], { at: "+0m" })).toBe("reject R04");
    expect(metBy(replaced(null), { at: "+0m", cardNumber: "card-7" })).toBe("approve");
  });

  test("the number kept: it stays valid and is lost no more", () => {
    expect(metBy(replaced("card-1"), { at: "+0m" })).toBe("approve");
  });

  test("what the person spent counts on under the new number", () => {
    const spent = ["-50m", "-40m"].map((at) => ({ at, totalFen: 30_000 }));
    expect(
      metBy([...spent, { at: "-30m", action: "replace", newCardNumber: "card-2" }], {
        at: "-25m",
        cardNumber: "card-2",
        totalFen: 30_000,
      }),
    ).toBe("challenge R14");
  });
});

describe("suspension: of online settlement, not of the insurance", () => {
  const SUSPENDED = [{ at: "-1d", action: "suspend", until: "+180d" }];

  test.each([
    ["authorize", "reject R07"],
    ["settle", "reject R07"],
    ["pin-check", "approve"],
    ["query", "approve"],
  ])("%s: %s", (kind, then) => {
    expect(metBy(SUSPENDED, { at: "+0m", kind })).toBe(then);
  });

  test.each([
    ["3 months", "+90d"],
    ["12 months", "+365d"],
  ])("of %s ends then", (_name, until) => {
    const given = [{ at: "-1d", action: "suspend", until }];
    expect(metBy(given, { at: `${until}-1ms` })).toBe("reject R07");
    expect(metBy(given, { at: until })).toBe("approve");
  });

  test("the advice is to pay and claim later", () => {
    const [decision] = outcomesOf(SUSPENDED, { at: "+0m" }) as DecisionOutcome[];
    expect(decision!.advice?.["zh-CN"]).toContain("先自费后报销");
  });
});

test("damage: outcomes give facts and times, and nobody the blame", () => {
  const given = [report("330100", "phone", { at: "-1d-1h", effectiveAt: "-1h" })];
  for (const at of ["-2h", "+0m"]) {
    const [decision] = outcomesOf(given, { at }) as DecisionOutcome[];
    expect(decision!.reasons.length).toBeGreaterThan(0);
    expect(JSON.stringify(decision)).not.toMatch(/责任|过错|赔偿|liab|fault|blame|guilt/);
  }
});

describe("PIN lock limit, by city (1.5)", () => {
  test.each([
    ["4401", "nation", 3],
    ["2101", "Shenyang", 5],
    ["2203", "Siping", 6],
  ])("%s (%s): the wrong PIN number %i locks", (region, _name, limit) => {
    const place = { insuredRegion: region, careRegion: region };
    const wrong = Array.from({ length: limit }, (_, index) => ({ at: `+${index}m`, pin: "wrong", ...place }));
    const last = { ...wrong.at(-1)!, at: `+${limit - 1}m` };
    expect(metBy(wrong.slice(0, -2), { ...last, at: `+${limit - 2}m` })).toBe("approve");
    expect(metBy(wrong.slice(0, -1), last)).toBe("reject R08");
    const ok = { at: "+1d", pin: "ok", ...place };
    expect(metBy(wrong, ok)).toBe("reject R08");
    expect(metBy([...wrong, { at: "+2h", action: "pin-unlock", region }], ok)).toBe("approve");
  });
});

describe("release (1.2)", () => {
  const release = { at: "+0m", action: "release", region: "110000" };

  test.each<[string, readonly RecordFields[], string]>([
    ["within the window", [report("110000", "phone", { at: "-1d" })], "active"],
    ["before the effect", [report("330100", "phone", { at: "-1h" })], "active"],
    ["after the window", [report("110000", "phone", { at: "-60d" })], "active"],
    [
      "after the formal report",
      [report("110000", "counter", { at: "-1d", action: "confirm-loss" })],
      "RELEASE_OF_FORMAL",
    ],
    [
      "after a replacement was filed",
      [APP, { at: "-1h", action: "file-replacement" }],
      "RELEASE_AFTER_REPLACEMENT",
    ],
    [
      "after the replacement",
      [APP, { at: "-1h", action: "replace", newCardNumber: "card-2" }],
      "RELEASE_AFTER_REPLACEMENT",
    ],
    ["of nothing", [], "NOTHING_TO_RELEASE"],
  ])("%s: %s", (_name, given, then) => {
    const isRefused = then === then.toUpperCase();
    expect(transitionOf(given, release)).toMatchObject(
      isRefused ? { applied: false, code: then } : { applied: true, to: then },
    );
  });
});

describe("replacement (1.3)", () => {
  test("filed and done: blocked as lost, then only the new number is valid", () => {
    const filed = { at: "-2d", action: "file-replacement" };
    const done = { at: "-1d", action: "replace", newCardNumber: "card-2" };
    expect(metBy([filed], { at: "-1d-1ms" })).toBe("reject R01");
    expect(metBy([filed, done], { at: "+0m" })).toBe("reject R04");
    expect(metBy([filed, done], { at: "+0m", cardNumber: "card-2" })).toBe("approve");
  });

  test("the pick-up voucher (领卡证明) is an interim certificate until the new card is activated", () => {
    const voucher = { at: "-5d", action: "issue-temporary", credential: "interim-certificate" };
    const swipe = { credential: "interim-certificate" };
    expect(metBy([voucher], { ...swipe, at: "+90d" })).toBe("approve");
    expect(metBy([voucher, { at: "-1d", action: "activate" }], { ...swipe, at: "+0m" })).toBe("reject R06");
  });

  test("the bill of a stay that began before the loss is reviewed, not refused", () => {
    const stay = { at: "-9d", fact: "inpatient", institutionId: "hospital-1" };
    const bill = { at: "+0m", institutionId: "hospital-1", institutionKind: "hospital", visitKind: "21" };
    expect(metBy([stay, APP], bill)).toBe("review R01");
  });

  test("death: every credential is refused, and nothing ends it", () => {
    const given = [
      { at: "-2d", action: "deceased" },
      { at: "-1d", action: "activate" },
    ];
    for (const credential of ["card", "e-credential", "temporary-card", "identity-document"])
      expect(metBy(given, { at: "+0m", credential })).toBe("reject R07");
  });

  test("a lost identity document blocks nothing and is reviewed until its release", () => {
    const lost = { at: "-2d", action: "report-loss", credential: "identity-document" };
    const swipe = { at: "+0m", credential: "identity-document" };
    expect(metBy([lost], swipe)).toBe("review ID_REPORTED_LOST");
    expect(metBy([lost], { ...swipe, credential: "card" })).toBe("approve");
    expect(metBy([lost, { at: "-1d", action: "release", credential: "identity-document" }], swipe)).toBe(
      "approve",
    );
  });
});

describe("changes without a record are those that the table of passages names", () => {
  const GIVEN: Readonly<Record<string, readonly [readonly RecordFields[], string, string]>> = {
    "loss-pending effect provisional": [[report("330100", "phone")], "+24h-1ms", "+24h"],
    "loss-pending effect formal": [[report("330100", "counter", { effectiveAt: "+1h" })], "+1h-1ms", "+1h"],
    "loss-pending effect replacing": [
      [report("330100", "counter", { action: "file-replacement", effectiveAt: "+1h" })],
      "+1h-1ms",
      "+1h",
    ],
    "provisional expiry lapsed": [[report("110000", "phone")], "2026-05-15 23:59:59.999", "2026-05-16 00:00"],
    "lapsed challenge-passed-at-home active": [
      [
        report("110000", "phone", { at: "-20d" }),
        { at: "+0m" },
        { at: "+1m", challengeOf: "given-2", challengeResult: "passed" },
      ],
      "+1m-1ms",
      "+1m",
    ],
    "lapsed lapse-over active": [[report("110000", "phone", { expiresAt: "+1d" })], "+366d", "+366d+1ms"],
  };

  test.each(LOSS_PASSAGES.map(({ from, by, to }) => [from, by, to] as const))(
    "%s, %s: %s",
    (from, by, to) => {
      const [given, before, after] = GIVEN[`${from} ${by} ${to}`]!;
      const asked = (at: string) =>
        transitionOf(given, { at, action: "confirm-loss", channel: "counter" }).from;
      expect([asked(before), asked(after)]).toEqual([from, to]);
    },
  );

  test("and no other", () => {
    expect(LOSS_PASSAGES.map(({ from, by, to }) => `${from} ${by} ${to}`)).toEqual(Object.keys(GIVEN));
  });
});
