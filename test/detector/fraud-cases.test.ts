/**
 * Every fraud case of docs/domain.md section 2: what the inline rules say of it, swipe by swipe, and which patrol sees what
 * no one person shows. Patrols are tested on planted rings (test/alerts/patrol).
 */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { DecisionOutcome, Reason, RevisionOutcome } from "../../schemas/outcomes.js";
import { patrolsFile } from "../../schemas/patrols.js";
import { CASE_FILES } from "../alerts/patrol/patrol-cases.js";
import { judgeRecords } from "../support/judge.js";
import { metBy, transitionOf, verdictOf } from "./card/given.js";
import { instantOf, type RecordFields, rawRecord } from "./raw-records.js";

const HANGZHOU = "330100";
const BEIJING = "110000";

/** Outcomes of a story, its records named `step-1` … unless they name themselves. */
function outcomesOf(steps: readonly RecordFields[]) {
  const records = steps.map(({ eventId, ...fields }, index) =>
    rawRecord(fields, String(eventId ?? `step-${index + 1}`)),
  );
  return judgeRecords(records).map(({ outcome }) => {
    if ("refused" in outcome) throw new Error(`refused: ${outcome.field}: ${outcome.reason}`);
    return outcome;
  });
}

const decisionsOf = (steps: readonly RecordFields[]): DecisionOutcome[] =>
  outcomesOf(steps).filter((outcome) => outcome.type === "decision");

const verdictsOf = (steps: readonly RecordFields[]): string[] => decisionsOf(steps).map(verdictOf);

const reasonOf = (decision: DecisionOutcome | undefined, rule: string): Reason | undefined =>
  decision?.reasons.find((reason) => reason.rule === rule);

/** The patrol is in force, and test/alerts/patrol plants the case and looks for just so many findings of it. */
function expectPatrol(id: string, title: string, findings: number): void {
  const { patrols } = patrolsFile.parse(JSON.parse(readFileSync("rulesets/patrols.json", "utf8")));
  expect(patrols).toHaveProperty([id, "mode"], "live");
  const cases = CASE_FILES.find(({ patrol }) => patrol === id)?.cases ?? [];
  const planted = cases.filter((each) => each.title === title);
  // biome-ignore lint/suspicious/noThenProperty: the cases of patrols say it so.
  expect(planted).toMatchObject([{ then: { length: findings } }]);
}

test("Hangzhou card in Anhui (S3): 2800 yuan to 270 in one county, PIN found by trial, no report", () => {
  const away = { insuredRegion: HANGZHOU, careRegion: "341821" };
  const at = (moment: string, pharmacy: number, fields: RecordFields) => ({
    at: moment,
    ...away,
    institutionId: `pharmacy-${pharmacy}`,
    ...fields,
  });
  const spent = (moment: string, pharmacy: number, totalFen: number, balanceBeforeFen: number) =>
    at(moment, pharmacy, { totalFen, accountFen: totalFen, balanceBeforeFen, pin: "ok" });
  const verdicts = verdictsOf([
    at("+0m", 1, { kind: "pin-check", pin: "wrong" }),
    at("+5m", 2, { kind: "pin-check", pin: "wrong" }),
    spent("+9m", 2, 48_000, 280_000),
    spent("+2d", 1, 56_000, 232_000),
    spent("+4d", 3, 68_000, 176_000),
    spent("+5d", 2, 39_000, 108_000),
    spent("+6d", 3, 42_000, 69_000),
  ]);
  expect(verdicts).toEqual([
    "approve",
    "challenge R08",
    "challenge R09 R13",
    // 1040 of 2800 yuan: less than half.
    "review R13",
    // 1720: more than half within the week; R15 alone reviews, with it R13 challenges.
    "challenge R13 R15",
    // 2110 of 2800, over 70 %, all of it away from home.
    "challenge R13 R15",
    "challenge R13 R15",
  ]);
});

describe("Lapsed provisional (S3): reported by phone only, used half a year later", () => {
  const reported = { at: "-180d", action: "report-loss", channel: "phone", region: HANGZHOU };

  test("elsewhere it is rejected", () => {
    expect(verdictsOf([reported, { at: "+0m", careRegion: "341821" }])).toEqual(["reject R03"]);
  });

  test("at home it is challenged", () => {
    expect(verdictsOf([reported, { at: "+0m" }])).toEqual(["challenge R03"]);
  });
});

test("'Invalid card' at a hospital (S3): read errors are no wrong PINs", () => {
  const error = { pin: "wrong", readError: true, institutionKind: "hospital", institutionId: "hospital-1" };
  const steps = ["+0m", "+1m", "+2m", "+3m"].map((at) => ({ at, ...error }));
  expect(verdictsOf([...steps, { at: "+5m", pin: "ok" }])).toEqual(Array(5).fill("approve"));
});

describe("Nanjing and Beijing warn (S4): people forget to replace, the report lapses, the card is drained", () => {
  test.each([
    ["320100", "2026-05-10 00:00"],
    [BEIJING, "2026-05-16 00:00"],
  ])("%s: the transition tells when, and from then on a swipe is challenged", (region, lapse) => {
    const reported = { at: "+0m", action: "report-loss", channel: "phone", region };
    expect(transitionOf([], reported)).toMatchObject({ expiresAtMax: instantOf(lapse) });
    expect(metBy([reported], { at: lapse, insuredRegion: region, careRegion: region })).toBe("challenge R03");
  });
});

describe("Temporary card (S2): stolen data used for visits that never were", () => {
  const issued = { at: "-10d", action: "issue-temporary", region: HANGZHOU };
  const visit = {
    credential: "temporary-card",
    institutionKind: "hospital",
    institutionId: "hospital-1",
    visitKind: "11",
  };

  test.each<[string, readonly RecordFields[], RecordFields, string]>([
    ["in use", [issued], { at: "+0m" }, "approve"],
    [
      "lost",
      [issued, { at: "-1d", action: "report-loss", credential: "temporary-card", channel: "app" }],
      { at: "+0m" },
      "reject R06",
    ],
    ["expired", [issued], { at: "+50d" }, "reject R06"],
    ["out of its city", [issued], { at: "+0m", careRegion: "340100" }, "reject R06"],
  ])("%s", (_name, given, swipe, then) => {
    expect(metBy(given, { ...visit, ...swipe })).toBe(then);
  });
});

test("Card lent (S4): one swipe of each of many cards at a terminal is no inline rule's matter; R18 looks at the terminal", () => {
  const lent = Array.from({ length: 6 }, (_, index) => ({
    at: `+${index}m`,
    personId: `person-${index}`,
    cardNumber: `card-of-${index}`,
    terminalId: "terminal-1",
  }));
  expect(verdictsOf(lent)).toEqual(Array(6).fill("approve"));
  expectPatrol("R18", "cards lent: six at one terminal within minutes, the same box on each", 1);
});

test("Card lent, as found: suspended from online settlement for 3 to 12 months", () => {
  const suspended = { at: "+0m", action: "suspend", until: "+90d" };
  expect(verdictsOf([suspended, { at: "+89d" }, { at: "+90d" }])).toEqual(["reject R07", "approve"]);
});

describe("Nanning 2011 [17]: default PIN, 29 swipes, 8494 yuan, 18 hours, 13 chains, reported at 09:00", () => {
  const LAST_AT = "2026-05-07 14:17";
  const SWIPES = 29;
  const SPACING_MIN = 38;
  const NANNING = "450100";
  /** 29,290 fen each, the last a little less: 8494 yuan together. */
  const swipe = (index: number): RecordFields => {
    const beforeLastMin = (SWIPES - 1 - index) * SPACING_MIN;
    return {
      eventId: `nanning-${index + 1}`,
      at: shifted(LAST_AT, -beforeLastMin),
      insuredRegion: NANNING,
      careRegion: NANNING,
      institutionId: `pharmacy-${(index % 13) + 1}`,
      chainId: `chain-${(index % 13) + 1}`,
      totalFen: index < SWIPES - 1 ? 29_290 : 29_280,
      pin: "ok",
      pinIsDefault: true,
    };
  };
  const swipes = Array.from({ length: SWIPES }, (_, index) => swipe(index));
  const report: RecordFields = {
    eventId: "report",
    at: "2026-05-07 09:00",
    action: "report-loss",
    channel: "phone",
    region: NANNING,
  };
  const isAfterReport = ({ at }: RecordFields) => instantOf(String(at)) >= instantOf(String(report.at));
  const before = swipes.filter((each) => !isAfterReport(each));
  const after = swipes.filter(isAfterReport);

  /** By the letter: five institutions within a day; a third of its chain from the 27th on. */
  function expected(index: number): string {
    const pending = index >= before.length ? ["R02"] : [];
    const rules = [...pending, "R10"];
    if (index >= 26) rules.push("R14");
    if (index >= 4) rules.push("R16");
    return [index >= 4 || pending.length > 0 ? "challenge" : "approve", ...rules].join(" ");
  }

  test("is as told: 29 swipes, 8494 yuan, 18 hours, the last five hours after the report", () => {
    expect(swipes.reduce((sum, each) => sum + Number(each.totalFen), 0)).toBe(849_400);
    const hours = (Date.parse(instantOf(LAST_AT)) - Date.parse(instantOf(String(swipes[0]!.at)))) / 3_600_000;
    expect(Math.round(hours)).toBe(18);
    expect(after).toHaveLength(9);
  });

  test("before the report the default PIN is named and many institutions are challenged; after it each is challenged and disputed", () => {
    const decisions = decisionsOf([...before, report, ...after]);
    expect(decisions.map(verdictOf)).toEqual(swipes.map((_, index) => expected(index)));
    expect(decisions.map(({ disputed }) => disputed)).toEqual(swipes.map(isAfterReport));
  });

  test("a later record that it took effect at once rejects every swipe since 09:00, in their order", () => {
    const confirmed: RecordFields = {
      eventId: "confirmed",
      at: "2026-05-07 16:00",
      action: "confirm-loss",
      channel: "counter",
      region: NANNING,
      effectiveAt: "2026-05-07 09:00",
    };
    const revisions = outcomesOf([...before, report, ...after, confirmed]).filter(
      (outcome): outcome is RevisionOutcome => outcome.type === "revision",
    );
    expect(revisions.map(({ eventId, action }) => [eventId, action])).toEqual(
      after.map(({ eventId }) => [eventId, "reject"]),
    );
    for (const revision of revisions) {
      expect(revision.causedBy).toBe("confirmed");
      expect(revision.reasons.map(({ rule }) => rule)).toContain("R01");
      expect(revision.reasons.map(({ rule }) => rule)).not.toContain("R02");
    }
  });
});

test("Beijing 2024 [18]: a stolen e-code buys 片仔癀 and 安宫牛黄丸 at four pharmacies, 13,100 yuan, Beijing and Tianjin", () => {
  const buy = (at: string, pharmacy: number, name: string, careRegion = BEIJING) => ({
    at,
    credential: "e-credential",
    insuredRegion: BEIJING,
    careRegion,
    institutionId: `pharmacy-${pharmacy}`,
    totalFen: 327_500,
    items: [{ code: "X1", name, count: 1, amountFen: 327_500 }],
  });
  const decisions = decisionsOf([
    buy("+0m", 1, "片仔癀"),
    buy("+20m", 2, "安宫牛黄丸"),
    buy("+50m", 3, "片仔癀（锭剂）"),
    buy("+4h", 4, "安宫牛黄丸", "120000"),
  ]);
  expect(decisions.map(verdictOf)).toEqual([
    "challenge R17",
    // Another pharmacy within half an hour is a review, the third within the hour a challenge.
    "challenge R16 R17",
    "challenge R16 R17",
    // Tianjin is 113 km away and no neighbour: R13 reviews, with R17 it challenges.
    "challenge R13 R17",
  ]);
  expect(decisions.map((decision) => reasonOf(decision, "R16")?.action)).toEqual([
    undefined,
    "review",
    "challenge",
    undefined,
  ]);
  expect(reasonOf(decisions[3], "R13")?.action).toBe("challenge");
});

test("Guangzhou 2017 [19]: a clerk spends a found card, 5000 yuan in her own shop, 2000 next day in another: reviewed; one card is no common point for R22", () => {
  const spend = (at: string, shop: number, accountFen: number, balanceBeforeFen: number) => ({
    at,
    insuredRegion: "440100",
    careRegion: "440100",
    institutionId: `pharmacy-${shop}`,
    operatorId: "clerk-1",
    totalFen: accountFen,
    accountFen,
    balanceBeforeFen,
  });
  // Home city and two pharmacies: R15 reviews and does not challenge.
  expect(verdictsOf([spend("+0m", 1, 500_000, 800_000), spend("+1d", 2, 200_000, 300_000)])).toEqual([
    "review R15",
    "review R15",
  ]);
  expectPatrol(
    "R22",
    "one card found and spent by a clerk, in her shop and in another, is no common point",
    0,
  );
});

test("A pharmacy keeps 119 cards [20]: each person's swipe passes; R18 sees them at the terminal where they come one after another", () => {
  const kept = Array.from({ length: 119 }, (_, index) => ({
    at: `+${index}m`,
    personId: `kept-${index}`,
    cardNumber: `kept-${index}`,
    terminalId: "terminal-1",
    totalFen: 17_000,
  }));
  expect(new Set(verdictsOf(kept))).toEqual(new Set(["approve"]));
  expectPatrol("R18", "119 cards kept by a pharmacy, one after another without a customer", 1);
  expectPatrol("R18", "119 cards kept by a pharmacy, two a day, are like customers", 0);
});

test("Lanzhou [21]: 196 swipes a day where 30 come: each passes; R18 compares the day with its own median", () => {
  const day = Array.from({ length: 196 }, (_, index) => ({
    at: `+${index * 2}m`,
    personId: `visitor-${index}`,
    cardNumber: `visitor-${index}`,
    terminalId: "terminal-1",
  }));
  expect(new Set(verdictsOf(day))).toEqual(new Set(["approve"]));
  expectPatrol("R18", "196 persons swiped where 29 come on other days", 1);
});

describe("Wuhan [21]: refunded 10 minutes after the settle, the same drug 14 times in two months", () => {
  const round = (index: number): RecordFields[] => [
    { eventId: `settle-${index}`, at: `+${index * 4}d`, totalFen: 510_000 },
    {
      eventId: `cancel-${index}`,
      at: `+${index * 4}d+10m`,
      kind: "cancel",
      originalEventId: `settle-${index}`,
      totalFen: 510_000,
    },
  ];
  const decisions = decisionsOf(Array.from({ length: 14 }, (_, index) => round(index)).flat());
  const cancels = decisions.filter(({ kind }) => kind === "cancel");

  test("every refund is reviewed, none refused", () => {
    expect(cancels.map(verdictOf)).toEqual(Array(14).fill("review R20"));
  });

  test("the fourteenth within 60 days is critical", () => {
    expect(cancels.map((cancel) => reasonOf(cancel, "R20")?.severity)).toEqual([
      ...Array(13).fill("high"),
      "critical",
    ]);
  });
});

test("Beijing Chaoyang [22]: two cards reach the cap of 20,000 yuan in a month over six institutions: no rule of rules.md reads the fund's cap", () => {
  const month = ["a", "b"].flatMap((holder, which) =>
    Array.from({ length: 6 }, (_, index) => ({
      at: `+${index * 5}d+${which}h`,
      personId: `holder-${holder}`,
      cardNumber: `card-${holder}`,
      insuredRegion: BEIJING,
      careRegion: BEIJING,
      institutionId: `hospital-${index + 1}`,
      institutionKind: "hospital",
      totalFen: 333_400,
      fundFen: 333_400,
      accountFen: 0,
    })),
  );
  expect(new Set(verdictsOf(month))).toEqual(new Set(["approve"]));
});

test("Shanghai Xuhui 2025 [23]: four cards of a family emptied with a pharmacist, 7000 yuan: each is reviewed from half of its balance on", () => {
  const family = Array.from({ length: 4 }, (_, member) =>
    [0, 1].map((half) => ({
      at: `+${half * 2}d+${member}m`,
      personId: `member-${member}`,
      cardNumber: `member-${member}`,
      insuredRegion: "310000",
      careRegion: "310000",
      operatorId: "pharmacist-1",
      totalFen: 87_500,
      accountFen: 87_500,
      balanceBeforeFen: half === 0 ? 176_000 : 88_500,
    })),
  );
  // 87,500 of 176,000 is less than half.
  for (const steps of family) expect(verdictsOf(steps)).toEqual(["approve", "review R15"]);
});

describe("Yindu district [24]: 800,000 cards with the PIN they came with", () => {
  const swipe = { at: "+0m", pin: "ok", pinIsDefault: true };

  test.each([
    ["at home from 100 yuan on the holder is told to change it", { totalFen: 10_000 }, "approve R10"],
    ["below nothing is said", { totalFen: 9_999 }, "approve"],
    ["away it is challenged", { totalFen: 10_000, careRegion: "340100" }, "challenge R10"],
  ])("%s", (_name, fields, then) => {
    expect(metBy([], { ...swipe, ...fields })).toBe(then);
  });
});

/** A Shanghai time so many minutes later. */
function shifted(time: string, minutes: number): string {
  const ms = Date.parse(`${time.replace(" ", "T")}:00Z`) + minutes * 60_000;
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}
