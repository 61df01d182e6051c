import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { at, DAY_MS, HOUR_MS, START_MS } from "../../support/records.js";
import { type Arrival, alertOf, caseFileOf, linesOf, ReportFolder } from "../report-case.js";
import { hangzhou, paid, report, swipe } from "../report-stories.js";

let folder: ReportFolder;
beforeEach(() => {
  folder = new ReportFolder();
});
afterEach(() => folder.remove());

async function transactionsOf(arrivals: readonly Arrival[], caseFile = caseFileOf()) {
  const findings = await folder.findings(await linesOf(arrivals), caseFile);
  const byId = new Map();
  for await (const { number, transaction } of findings.transactions())
    byId.set(transaction.swipe.eventId, { number, ...transaction });
  return { byId, findings };
}

const T = START_MS;
const HOME = { careRegion: "330106" };

describe("a swipe's relation to the loss report", () => {
  /** Report at T + 2 h in effect at T + 4 h, ends at T + 24 h. */
  const REPORT = { channel: "phone", effectiveAt: at(T + 4 * HOUR_MS), expiresAt: at(T + DAY_MS) };
  const cases: readonly (readonly [name: string, relation: string, arrivals: readonly Arrival[]])[] = [
    ["nobody reported it", "no-report", []],
    [
      "another credential was reported",
      "no-report",
      [report("l", T + 2 * HOUR_MS, { ...REPORT, credential: "e-credential", cardNumber: undefined })],
    ],
    [
      "another card was reported",
      "no-report",
      [report("l", T + 2 * HOUR_MS, { ...REPORT, cardNumber: "CARD-0009" })],
    ],
    [
      "reported later",
      "before-report",
      [report("l", T + 11 * HOUR_MS, { ...REPORT, effectiveAt: at(T + 12 * HOUR_MS) })],
    ],
    [
      "reported, not in effect",
      "pending",
      [report("l", T + 9 * HOUR_MS, { ...REPORT, effectiveAt: at(T + 12 * HOUR_MS) })],
    ],
    ["in effect", "in-effect", [report("l", T + 2 * HOUR_MS, REPORT)]],
    ["run out", "lapsed", [report("l", T + 2 * HOUR_MS, { ...REPORT, expiresAt: at(T + 6 * HOUR_MS) })]],
    [
      "confirmed before it ran out",
      "in-effect",
      [
        report("l", T + 2 * HOUR_MS, { ...REPORT, expiresAt: at(T + 6 * HOUR_MS) }),
        report("f", T + 5 * HOUR_MS, { action: "confirm-loss" }),
      ],
    ],
    [
      "released",
      "ended",
      [report("l", T + 2 * HOUR_MS, REPORT), report("r", T + 5 * HOUR_MS, { action: "release" })],
    ],
    [
      "the old number after a replacement",
      "replaced",
      [
        report("l", T + 2 * HOUR_MS, REPORT),
        report("n", T + 5 * HOUR_MS, { action: "replace", newCardNumber: "CARD-0002" }),
      ],
    ],
  ];
  test.each(cases)("%s: %s", async (_name, relation, arrivals) => {
    const all = [...arrivals, swipe("s", T + 10 * HOUR_MS, { ...HOME, ...paid(1_000, 9_000) })];
    const { byId } = await transactionsOf(all.sort((a, b) => a.nowMs - b.nowMs));
    expect(byId.get("s").relation).toBe(relation);
  });

  test("the new card after a replacement is free of it", async () => {
    const { byId } = await transactionsOf([
      report("l", T + 2 * HOUR_MS, REPORT),
      report("n", T + 5 * HOUR_MS, { action: "replace", newCardNumber: "CARD-0002" }),
      swipe("s", T + 10 * HOUR_MS, { ...HOME, cardNumber: "CARD-0002" }),
    ]);
    expect(byId.get("s").relation).toBe("ended");
  });
});

describe("amounts", () => {
  test("of the Hangzhou story: each sum is that of its swipes", async () => {
    const alerts = ["buy-1", "buy-2", "buy-3", "buy-4", "buy-5", "buy-6"].map((id) => alertOf(id));
    const { findings, byId } = await transactionsOf(hangzhou(), caseFileOf({ alerts }));
    const { totals, pins } = findings;
    expect(totals.standing).toMatchObject({
      count: 6,
      totalFen: 4_550 + 48_000 + 56_000 + 68_000 + 42_000 + 39_000,
    });
    expect(totals.undone).toMatchObject({ count: 1, totalFen: 39_000 });
    expect(byId.get("buy-4").undoneBy).toBe("undo-4");
    expect(totals.disputed).toMatchObject({ count: 1, totalFen: 39_000 });
    expect(totals.inQuestion).toMatchObject({ count: 5, totalFen: 253_000, accountFen: 253_000 });
    expect(totals.notInQuestion).toMatchObject({ count: 1, totalFen: 4_550 });
    expect(totals.inQuestionBeforeEffect.count).toBe(5);
    expect(totals.byRelation.pending.count).toBe(1);
    expect([pins.wrong, pins.ok]).toEqual([2, 2]);
    expect(findings.lastBeforeQuestion?.transaction.swipe.eventId).toBe("own-1");
  });

  test("a settle that is sent again after a challenge counts once", async () => {
    const { findings, byId } = await transactionsOf([
      swipe("first", T, { ...HOME, ...paid(5_000, 90_000) }),
      swipe("again", T + 60_000, {
        ...HOME,
        ...paid(5_000, 90_000),
        challengeOf: "first",
        challengeResult: "passed",
      }),
    ]);
    expect(byId.get("first").sentAgainAs).toBe("again");
    expect(findings.totals.standing).toMatchObject({ count: 1, totalFen: 5_000 });
    expect(findings.totals.sentAgain).toMatchObject({ count: 1, totalFen: 5_000 });
  });

  test("a cancel before its settle takes nothing back, a swipe sent twice is one", async () => {
    const twice = swipe("late", T + HOUR_MS, { ...HOME, ...paid(5_000, 90_000) });
    const { findings } = await transactionsOf([
      swipe("undo", T, { ...HOME, kind: "cancel", originalEventId: "late", totalFen: 5_000 }),
      twice,
      twice,
    ]);
    expect(findings.totals.standing.count).toBe(1);
    expect(findings.totals.swipes).toBe(2);
    expect(findings.overview.repeated).toBe(1);
  });
});

test("a decision is shown as first given and as it stands after a status that came late", async () => {
  const { byId, findings } = await transactionsOf([
    swipe("s", T + 2 * HOUR_MS, { ...HOME, ...paid(1_000, 9_000) }),
    { ...report("l", T + HOUR_MS, { effectiveAt: at(T + HOUR_MS) }), nowMs: T + 3 * HOUR_MS },
  ]);
  expect(byId.get("s").decision).toMatchObject({ firstAction: "approve", action: "reject", revisions: 1 });
  expect(byId.get("s").relation).toBe("in-effect");
  const kinds: string[] = [];
  for await (const { kind } of findings.timeline()) kinds.push(kind);
  expect(kinds).toEqual(["卡状态", "修订"]);
});

test("swipes are numbered by time, also where one came late", async () => {
  const late = { ...swipe("early", T, HOME), nowMs: T + 2 * HOUR_MS };
  const { byId } = await transactionsOf([swipe("later", T + HOUR_MS, HOME), late]);
  expect([byId.get("early").number, byId.get("later").number]).toEqual([1, 2]);
});

test("rules are told with their parameters' bundle and what was observed", async () => {
  const { findings } = await transactionsOf(hangzhou());
  const r09 = findings.rules.find(({ rule }) => rule === "R09")!;
  expect(r09).toMatchObject({ count: 2, strongest: "challenge", examples: [4, 5] });
  expect(r09.reason.facts).toMatchObject({ wrongCount: 2 });
  expect(
    findings.bundleOf(r09.bundleHash)?.ruleset.rules.find(({ id }) => id === "R09")?.params,
  ).toBeDefined();
});
