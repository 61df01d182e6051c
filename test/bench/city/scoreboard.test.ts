import { describe, expect, test } from "@jest/globals";
import type { AttackKind, CityLabel } from "../../../bench/city/labels.js";
import type { OutcomeLine, OutcomeReason } from "../../../bench/city/outcome-line.js";
import { runScoreboard } from "../../../bench/city/scoreboard.js";
import type { AttackScore } from "../../../bench/city/scoreboard-model.js";
import { renderScoreboard, widthOf } from "../../../bench/city/scoreboard-text.js";

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
      missed: 0,
      missedOtherRule: 0,
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
    expect(model.falseAlarms.any).toEqual({ rule: "any", alarms: 3, per10k: 7_500, ofVictims: 1 });
    expect(model.falseAlarms.byRule).toEqual([
      { rule: "R01", alarms: 1, per10k: 2_500, ofVictims: 0 },
      { rule: "R12", alarms: 1, per10k: 2_500, ofVictims: 1 },
      { rule: "R15", alarms: 1, per10k: 2_500, ofVictims: 0 },
      { rule: "R20", alarms: 1, per10k: 2_500, ofVictims: 0 },
    ]);
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
    expect(text).toMatch(/drain +快速清空账户 +R15 +1 +0 +0 +1 +0/);
  });
});
