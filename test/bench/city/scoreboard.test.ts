import { describe, expect, test } from "@jest/globals";
import { ATTACK_KINDS, type AttackKind, type CityLabel, RING_KINDS } from "../../../bench/city/labels.js";
import type { OutcomeLine, OutcomeReason } from "../../../bench/city/outcome-line.js";
import { createScoreboard, runScoreboard } from "../../../bench/city/scoreboard.js";
import type { AttackScore, PatrolFinding } from "../../../bench/city/scoreboard-model.js";
import { renderScoreboard, widthOf } from "../../../bench/city/scoreboard-text.js";
import { wilsonInterval } from "../../../bench/city/wilson.js";

const HONEST: CityLabel = { kind: "honest" };

function planted(attack: AttackKind, incident: string): CityLabel {
  return { kind: "attack", attack, incident };
}

function reason(rule: string, action: string, more: Partial<OutcomeReason> = {}): OutcomeReason {
  return { rule, action, mode: "live", ...more };
}

function decision(eventId: string, action: string, ...reasons: OutcomeReason[]): OutcomeLine {
  return { type: "decision", eventId, action, reasons };
}

function revision(eventId: string, action: string, ...reasons: OutcomeReason[]): OutcomeLine {
  return { type: "revision", eventId, action, reasons };
}

function scoreOf(labels: [string, CityLabel][], outcomes: OutcomeLine[], kind: AttackKind): AttackScore {
  const score = runScoreboard(labels, outcomes).attacks.find((attack) => attack.kind === kind);
  if (score === undefined) throw new Error(`no row for ${kind}`);
  return score;
}

describe("incidents", () => {
  test("an incident of three swipes that is caught twice counts once", () => {
    const label = planted("drain", "drain-1");
    const outcomes = [
      decision("s1", "approve"),
      decision("s2", "review", reason("R15", "review")),
      decision("s3", "challenge", reason("R15", "challenge")),
    ];
    const labels = ["s1", "s2", "s3"].map((id): [string, CityLabel] => [id, label]);
    expect(scoreOf(labels, outcomes, "drain")).toEqual({
      kind: "drain",
      planted: 1,
      caught: 1,
      caughtStrong: 1,
      caughtInline: 1,
      missed: 0,
      missedOtherRule: 0,
      recall: 1,
      recallInterval: wilsonInterval(1, 1),
      inlineRecall: 1,
      inlineRecallInterval: wilsonInterval(1, 1),
    });
  });

  test("recall is caught of planted, inline recall what decisions caught; a kind without incidents has none", () => {
    const labels = ["1", "2", "3", "4"].map((id): [string, CityLabel] => [
      id,
      planted("lost-used", `lost-${id}`),
    ]);
    const outcomes = [
      decision("1", "reject", reason("R01", "reject")),
      decision("2", "approve"),
      revision("2", "reject", reason("R01", "reject")),
      decision("3", "challenge", reason("R12", "challenge")),
      decision("4", "approve"),
    ];
    expect(scoreOf(labels, outcomes, "lost-used")).toMatchObject({
      planted: 4,
      caught: 2,
      caughtInline: 1,
      missedOtherRule: 1,
      recall: 0.5,
      recallInterval: wilsonInterval(2, 4),
      inlineRecall: 0.25,
      inlineRecallInterval: wilsonInterval(1, 4),
    });
    expect(scoreOf(labels, outcomes, "drain")).toMatchObject({
      planted: 0,
      recall: null,
      inlineRecall: null,
    });
  });

  test("a kind that only a revision can catch has no inline recall", () => {
    const labels: [string, CityLabel][] = [["s", planted("late-status", "late-status-1")]];
    expect(scoreOf(labels, [decision("s", "approve")], "late-status")).toMatchObject({
      recall: 0,
      inlineRecall: null,
      inlineRecallInterval: null,
    });
  });

  test.each<[string, OutcomeLine, Partial<AttackScore>]>([
    [
      "review by the expected rule",
      decision("s", "review", reason("R15", "review")),
      { caught: 1, caughtStrong: 0 },
    ],
    [
      "approve-level reason of it",
      decision("s", "approve", reason("R15", "approve")),
      { caught: 0, missed: 1 },
    ],
    [
      "its approve-level reason beside another rule's review",
      decision("s", "review", reason("R15", "approve"), reason("R12", "review")),
      { caught: 0, missed: 1, missedOtherRule: 1 },
    ],
    [
      "its shadow hit alone",
      decision("s", "approve", reason("R15", "challenge", { mode: "shadow" })),
      { caught: 0, missed: 1, missedOtherRule: 0 },
    ],
    [
      "its shadow hit beside a live one of another rule",
      decision("s", "reject", reason("R15", "challenge", { mode: "shadow" }), reason("R01", "reject")),
      { caught: 0, missed: 1, missedOtherRule: 1 },
    ],
    [
      "review of it beside another rule's reject is not strong",
      decision("s", "reject", reason("R01", "reject"), reason("R15", "review")),
      { caught: 1, caughtStrong: 0 },
    ],
    ["no outcome at all", decision("other", "approve"), { planted: 1, caught: 0, missed: 1 }],
  ])("%s", (_, outcome, expected) => {
    expect(scoreOf([["s", planted("drain", "drain-1")]], [outcome], "drain")).toMatchObject(expected);
  });

  test("a revision catches what the decision let pass", () => {
    const labels: [string, CityLabel][] = [["s", planted("late-status", "late-status-1")]];
    const outcomes = [decision("s", "approve"), revision("s", "reject", reason("R01", "reject"))];
    expect(scoreOf(labels, outcomes, "late-status")).toMatchObject({ caught: 1, caughtStrong: 1 });
  });

  test("a backdated upload is caught by the code, not by any floor", () => {
    const labels: [string, CityLabel][] = [["s", planted("backdated-upload", "backdated-upload-1")]];
    const floor = (code: string) => [decision("s", "review", reason("R00", "review", { code }))];
    expect(scoreOf(labels, floor("BACKDATED"), "backdated-upload")).toMatchObject({ caught: 1 });
    expect(scoreOf(labels, floor("ID_REPORTED_LOST"), "backdated-upload")).toMatchObject({ caught: 0 });
  });
});

describe("false alarms", () => {
  const labels: [string, CityLabel][] = [
    ["h1", HONEST],
    ["h2", HONEST],
    ["h3", { kind: "honest", incident: "drain-1" }],
    ["h4", HONEST],
    ["f1", { kind: "found-again" }],
    ["a1", planted("drain", "drain-1")],
  ];
  const model = runScoreboard(labels, [
    decision("h1", "approve", reason("R10", "approve")),
    decision("h2", "review", reason("R15", "review"), reason("R15", "review"), reason("R20", "review")),
    decision("h3", "challenge", reason("R12", "challenge")),
    decision("h4", "approve"),
    revision("h4", "reject", reason("R01", "reject")),
    revision("h4", "approve"),
    decision("f1", "reject", reason("R01", "reject")),
    decision("a1", "approve"),
    { type: "duplicate", eventId: "h1", action: "approve" },
    { type: "transition", eventId: "t1", action: "report-loss" },
  ]);

  test("are honest swipes only, once per rule, per 10,000", () => {
    expect(model.falseAlarms.honestSwipes).toBe(4);
    expect(model.falseAlarms.any).toEqual({ alarms: 3, per10k: 7_500, ofVictims: 1 });
    const one = { alarms: 1, per10k: 2_500, ofVictims: 0 };
    const soft = { strongest: "review", strong: 0, strongPer10k: 0, strongAlone: 0, rejects: 0 };
    const strong = { strong: 1, strongPer10k: 2_500, strongAlone: 1 };
    expect(model.falseAlarms.byRule).toEqual([
      { rule: "R01", ...one, ...strong, strongest: "reject", rejects: 1 },
      { rule: "R12", ...one, ...strong, strongest: "challenge", rejects: 0, ofVictims: 1 },
      { rule: "R15", ...one, ...soft },
      { rule: "R20", ...one, ...soft },
    ]);
  });

  test("two of four honest swipes were challenged or rejected, one rejected", () => {
    expect(model.falseAlarms).toMatchObject({
      challengeRejectShare: 0.5,
      rejectShare: 0.25,
      victimSwipes: 1,
      victimsStrong: 1,
    });
  });

  test("a swipe that two rules challenge is a cost of neither alone", () => {
    const both = decision("h", "challenge", reason("R09", "challenge"), reason("R15", "challenge"));
    const { byRule } = runScoreboard([["h", HONEST]], [both]).falseAlarms;
    expect(byRule).toMatchObject([
      { rule: "R09", strong: 1, strongAlone: 0 },
      { rule: "R15", strong: 1, strongAlone: 0 },
    ]);
  });

  test("the history is judged and counted nowhere", () => {
    const outcomes = [decision("old", "reject", reason("R08", "reject"))];
    const { historySwipes, falseAlarms } = runScoreboard([["old", { kind: "history" }]], outcomes);
    expect([historySwipes, falseAlarms.honestSwipes, falseAlarms.any.alarms]).toEqual([1, 0, 0]);
  });

  test("stand under the strongest action a swipe ever had", () => {
    expect(model.falseAlarms.byAction).toEqual({ approve: 1, review: 1, challenge: 1, reject: 1 });
  });

  test("found-again swipes are counted apart", () => {
    expect(model.foundAgain).toEqual({
      swipes: 1,
      byAction: { approve: 0, review: 0, challenge: 0, reject: 1 },
    });
  });

  test("swipes, first actions, revisions, duplicates and transitions are totals of their own", () => {
    expect(model).toMatchObject({ swipes: 6, attackSwipes: 1, revisions: 2, duplicates: 1, transitions: 1 });
    expect(model.byAction).toEqual({ approve: 3, review: 1, challenge: 1, reject: 1 });
    expect(model.unlabelled).toBe(0);
  });

  test("a swipe without a label is shown, not guessed", () => {
    expect(runScoreboard([], [decision("x", "reject")])).toMatchObject({ swipes: 1, unlabelled: 1 });
  });

  test("the text names every kind in both languages, aligned, with lines per second", () => {
    const text = renderScoreboard(model, { seed: 1, lines: 12_000, seconds: 1.5 });
    expect(text).toContain("8,000 lines per second");
    const rows = text.split("\n").filter((row) => /^ {2}(drain|cloned-card|total) /.test(row));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(widthOf)).size).toBe(1);
    expect(text).toMatch(/drain +快速清空账户 +R15 +1 +0\.00 +0\.00-0\.79 +0\.00 +0 +0/);
    for (const kind of [...ATTACK_KINDS, ...RING_KINDS])
      expect(text).toMatch(new RegExp(`^ {2}${kind} `, "m"));
  });

  test("no line of the tables is wider than 100 columns", () => {
    const tables = renderScoreboard(model)
      .split("\n")
      .filter((line) => line.startsWith("  "));
    expect(Math.max(...tables.map(widthOf))).toBeLessThanOrEqual(100);
  });
});

describe("rings", () => {
  const subject = { kind: "terminal", id: "T1" } as const;
  const label: CityLabel = { kind: "ring", ring: "pin-spray", incident: "pin-spray-1", subject };
  const other: CityLabel = { ...label, incident: "pin-spray-2", subject: { kind: "terminal", id: "T2" } };
  const score = (findings: PatrolFinding[] | null) => {
    const scoreboard = createScoreboard();
    scoreboard.label("s1", label);
    scoreboard.label("s2", other);
    scoreboard.outcome(decision("s1", "review", reason("R16", "review")));
    scoreboard.outcome(decision("s2", "approve"));
    if (findings !== null) scoreboard.findings(findings);
    const model = scoreboard.model();
    return { model, spray: model.rings.find(({ kind }) => kind === "pin-spray") };
  };

  test("are neither honest nor attacks, and count once by subject", () => {
    const { model, spray } = score(null);
    expect(model).toMatchObject({ ringSwipes: 2, attackSwipes: 0, falseAlarms: { honestSwipes: 0 } });
    expect(spray).toEqual({ kind: "pin-spray", planted: 2, found: null, inlineAlarms: 1 });
  });

  test("are found by a finding of an operator or terminal of their subject, not of one whose name begins alike", () => {
    const findings = [
      { patrol: "R11", subject: "T1/O1", eventIds: [] },
      { patrol: "R11", subject: "T10/O1", eventIds: [] },
    ];
    const { model, spray } = score(findings);
    expect(spray).toMatchObject({ planted: 2, found: 1 });
    expect(model.patrols).toEqual([{ patrol: "R11", findings: 2, ofNoRing: 1 }]);
  });

  test("are found by a finding of their patrol on their subject", () => {
    const findings = [
      { patrol: "R11", subject: "T1", eventIds: [] },
      { patrol: "R11", subject: "T9", eventIds: ["other"] },
      { patrol: "R18", subject: "T2", eventIds: ["s2"] },
    ];
    const { model, spray } = score(findings);
    expect(spray).toMatchObject({ planted: 2, found: 1 });
    expect(model.patrols).toEqual([
      { patrol: "R11", findings: 2, ofNoRing: 1 },
      { patrol: "R18", findings: 1, ofNoRing: 1 },
    ]);
    expect(score([]).spray).toMatchObject({ found: 0 });
  });

  test("are found by a finding of their patrol that rests on one of their swipes", () => {
    const findings = [{ patrol: "R11", subject: "a token", eventIds: ["s2"] }];
    expect(score(findings).spray).toMatchObject({ found: 1 });
  });

  test("without patrols the text says so", () => {
    expect(renderScoreboard(score(null).model)).toContain("patrols do not run in replay");
    expect(renderScoreboard(score([]).model)).toContain("found by a patrol");
  });
});
