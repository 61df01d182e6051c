import { describe, expect, it } from "@jest/globals";
import { appealDeadlinesFile, type DeadlineKind, type Term } from "../../../schemas/appeal-deadlines.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { AppealEvent } from "../../../services/alerts/appeals/appeal.js";
import {
  endOfTerm,
  isMissed,
  lastDayWords,
  runningDeadlines,
} from "../../../services/alerts/appeals/appeal-deadlines.js";
import { calendar, courseTo, FIRST, placed, policy, SWIPE_AT } from "./appeal-events.js";

const OPTIONS = { policy, calendar, earliestSwipeAt: SWIPE_AT };

function at(date: string): string {
  return date.includes("T") ? `${date}:00.000+08:00` : `${date}T10:00:00.000+08:00`;
}

/** The last day on which it is in time. */
function lastDay(from: string, term: Term) {
  const { endMs, uncertain } = endOfTerm(Date.parse(at(from)), term, calendar);
  return [formatInstant(endMs - 1).slice(0, 10), uncertain];
}

describe("a term ends at 24:00 of its last day", () => {
  it.each<[string, string, Term, string]>([
    [
      "before the October holiday (1 to 7, make-up 20 September and 10 October)",
      "2026-09-30",
      [1, "wd"],
      "2026-10-08",
    ],
    ["the make-up Saturday counts", "2026-09-30", [3, "wd"], "2026-10-10"],
    ["and the Monday after it", "2026-09-30", [4, "wd"], "2026-10-12"],
    ["filed within the holiday", "2026-10-03", [5, "wd"], "2026-10-13"],
    ["filed a minute before midnight", "2026-09-29T23:59", [1, "wd"], "2026-09-30"],
    ["filed at midnight", "2026-09-30T00:00", [1, "wd"], "2026-10-08"],
    ["make-up Sunday 20 September", "2026-09-18", [1, "wd"], "2026-09-20"],
    ["Spring Festival 2026 (15 to 23 February, make-up 14 and 28)", "2026-02-13", [2, "wd"], "2026-02-24"],
    ["its make-up Saturday before", "2026-02-13", [1, "wd"], "2026-02-14"],
    ["its make-up Saturday after", "2026-02-13", [6, "wd"], "2026-02-28"],
    ["calendar days run through holidays", "2026-09-30", [7, "cd"], "2026-10-07"],
    ["90 days", "2026-09-30", [90, "cd"], "2026-12-29"],
    ["60 days across a year's end", "2026-12-01", [60, "cd"], "2027-01-30"],
    ["6 months", "2026-03-15", [6, "month"], "2026-09-15"],
    ["6 months to a month without that day", "2026-08-31", [6, "month"], "2027-02-28"],
  ])("%s", (_, from, term, last) => {
    expect(lastDay(from, term)).toEqual([last, false]);
  });

  it("beyond what the calendar knows is counted by weekdays and said to be uncertain", () => {
    expect(lastDay("2026-12-30", [5, "wd"])).toEqual(["2027-01-06", true]);
  });
});

function running(events: Parameters<typeof placed>[0]): Record<string, string> {
  const all = runningDeadlines(placed(events), OPTIONS);
  return Object.fromEntries(all.map(({ kind, dueMs }) => [kind, lastDayWords(dueMs)]));
}

describe("what runs", () => {
  const draft = courseTo("document-added");
  const submitted: readonly [string, AppealEvent] = [at("2026-09-28"), courseTo("submitted").at(-1)!];
  const accepted: readonly [string, AppealEvent] = [at("2026-09-30"), { type: "accepted", by: FIRST }];

  it("is the holder's own in a draft, from the earliest swipe", () => {
    expect(running(draft)).toEqual({ appeal: "2027年3月19日" });
    expect(runningDeadlines(placed(draft), { ...OPTIONS, earliestSwipeAt: null })).toEqual([]);
  });

  it("is the acceptance, then the first review and the decision", () => {
    expect(running([...draft, submitted])).toEqual({ acknowledge: "2026年10月10日" });
    expect(running([...draft, submitted, accepted])).toEqual({
      "first-review": "2026年10月20日",
      decision: "2026年12月29日",
    });
  });

  it("stands still while something is asked: days that were over are used up, the rest follows the answer", () => {
    const returned: readonly [string, AppealEvent] = [
      at("2026-10-12"),
      { type: "returned", by: FIRST, what: "补材料" },
    ];
    const paused = [...draft, submitted, accepted, returned];
    expect(running(paused)).toEqual({ supplement: "2026年11月2日" });
    // Used by 12 October 10:00: the 8th, 9th and 10th, so 7 working days are left; 11 calendar days, so 79 are left.
    const answered: readonly [string, AppealEvent] = [
      at("2026-11-02"),
      { type: "supplemented", requestId: "s" },
    ];
    expect(running([...paused, answered])).toEqual({
      "first-review": "2026年11月11日",
      decision: "2027年1月20日",
    });
  });

  it("is asked and sued for after the decision, the lawsuit also after the end", () => {
    const decided = courseTo("decided").at(-1)!;
    const events = [...courseTo("investigated"), [at("2026-11-30"), decided] as const];
    expect(running(events)).toEqual({ reconsideration: "2027年1月29日", lawsuit: "2027年5月30日" });
    expect(running([...events, { type: "closed" }])).toEqual({ lawsuit: "2027年5月30日" });
  });

  it("is nothing of what was withdrawn", () => {
    expect(running([...draft, submitted, { type: "withdrawn", requestId: "w" }])).toEqual({});
  });

  it("is missed from 0:00 of the next day on", () => {
    const [deadline] = runningDeadlines(placed([...draft, submitted]), OPTIONS);
    expect(isMissed(deadline!, Date.parse("2026-10-10T23:59:59.999+08:00"))).toBe(false);
    expect(isMissed(deadline!, Date.parse("2026-10-11T00:00:00.000+08:00"))).toBe(true);
  });
});

describe("the policy file", () => {
  it("says of each row where it comes from, and that local practice is unverified", () => {
    for (const { source, confidence } of [...policy.deadlines, ...policy.bearers])
      if (source.startsWith("local practice"))
        expect([source, confidence]).toEqual(["local practice, unverified", "low"]);
      else expect(source).toMatch(/S\d|第4号|domain notes|no source/);
  });

  it("counts nothing but the term to appeal from a swipe", () => {
    const deadlines = policy.deadlines.map((row) =>
      row.kind === "decision" ? { ...row, from: "swipe" as const } : row,
    );
    expect(appealDeadlinesFile.safeParse({ ...policy, deadlines }).error?.issues).toMatchObject([
      {
        path: ["deadlines", policy.deadlines.findIndex(({ kind }) => kind === "decision"), "from"],
        message: expect.stringContaining("'decision' counts from a swipe: expected"),
      },
    ]);
  });

  it("has each kind once", () => {
    const without = (kind: DeadlineKind) => ({
      ...policy,
      deadlines: policy.deadlines.filter((row) => row.kind !== kind),
    });
    expect(appealDeadlinesFile.safeParse(without("decision")).error?.issues[0]?.message).toBe(
      "'decision' stands 0 times: give each exactly one row",
    );
  });
});
