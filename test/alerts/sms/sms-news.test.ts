import { describe, expect, it } from "@jest/globals";
import type { Severity } from "../../../schemas/fields.js";
import { SMS_SITUATION_NAMES, type SmsSituation } from "../../../schemas/sms-templates.js";
import { notBeforeMs } from "../../../services/alerts/sms/sms-hours.js";
import { familyOf, newsKeyOf, severityOf } from "../../../services/alerts/sms/sms-news.js";
import {
  SMS_SETTLED,
  SMS_STATUSES,
  SMS_TRANSITIONS,
  sourcesOf,
} from "../../../services/alerts/sms/sms-state.js";
import { reason } from "../outcome-records.js";

const card = { credential: "card", cardTail: "1234" } as const;

describe("one piece of news", () => {
  it.each([
    ["R01", "lost"],
    ["R03", "lost"],
    ["R04", "lost"],
    ["R08", "pin"],
    ["R09", "pin"],
    ["R12", "travel"],
    ["R14", "split"],
    ["R15", "drain"],
    ["R17", "basket"],
    ["R21", "limits"],
    ["R16", "other"],
    ["R00", "other"],
  ])("%s is of the family %s", (rule, family) => {
    expect(familyOf(rule)).toBe(family);
  });

  it("is named by the first live reason that asks for the action, and by the card", () => {
    const reasons = [
      reason("R15", { action: "challenge", mode: "shadow" }),
      reason("R13", { action: "review" }),
      reason("R09", { action: "challenge" }),
      reason("R17", { action: "challenge" }),
    ];
    expect(newsKeyOf(card, { action: "challenge", reasons })).toBe("pin card 1234");
    expect(newsKeyOf({ credential: "e-credential", cardTail: null }, { action: "reject", reasons })).toBe(
      "travel e-credential ",
    );
  });

  it("is as severe as the most severe live reason", () => {
    const reasons = [
      reason("R13", { severity: "medium" }),
      reason("R15", { severity: "high" }),
      reason("R01", { severity: "critical", mode: "shadow" }),
    ];
    expect(severityOf(reasons)).toBe("high");
    expect(severityOf([])).toBe("low");
  });
});

describe("a phone rings", () => {
  const cases: readonly [SmsSituation, Severity, string, string][] = [
    ["lost-card-rejected", "critical", "2026-03-01T03:00:00", "2026-03-01T03:00:00"],
    // Money at risk does not sleep.
    ["challenge", "high", "2026-03-01T03:00:00", "2026-03-01T03:00:00"],
    ["loss-report-lapsing", "high", "2026-03-01T03:00:00", "2026-03-01T06:00:00"],
    ["loss-report-lapsing", "high", "2026-03-01T06:00:00", "2026-03-01T06:00:00"],
    ["loss-report-lapsing", "high", "2026-03-01T22:59:59", "2026-03-01T22:59:59"],
    ["loss-report-lapsing", "high", "2026-03-01T23:00:00", "2026-03-02T06:00:00"],
    ["challenge", "medium", "2026-03-01T03:00:00", "2026-03-01T08:00:00"],
    ["default-pin", "low", "2026-03-01T07:59:59", "2026-03-01T08:00:00"],
    ["default-pin", "low", "2026-03-01T08:00:00", "2026-03-01T08:00:00"],
    ["default-pin", "low", "2026-02-28T23:30:00", "2026-03-01T08:00:00"],
    // Somebody waits for it.
    ["login-code", "low", "2026-03-01T03:00:00", "2026-03-01T03:00:00"],
  ];
  it.each(cases)("about %s, %s, of %s at %s", (situation, severity, at, from) => {
    const given = { situation, severity, atMs: Date.parse(`${at}+08:00`) };
    expect(notBeforeMs(given)).toBe(Date.parse(`${from}+08:00`));
  });

  it("within a day, whatever is told", () => {
    for (const situation of SMS_SITUATION_NAMES)
      for (let minute = 0; minute < 1440; minute += 7) {
        const atMs = Date.parse("2026-03-01T00:00:00+08:00") + minute * 60_000;
        const from = notBeforeMs({ situation, severity: "low", atMs });
        expect(from - atMs).toBeGreaterThanOrEqual(0);
        expect(from - atMs).toBeLessThanOrEqual(9 * 3_600_000);
      }
  });
});

describe("the table of states", () => {
  it("lets nothing follow what was delivered, held back or had no number", () => {
    for (const end of ["delivered", "suppressed", "no-contact"] as const)
      expect(SMS_TRANSITIONS[end]).toEqual([]);
  });

  it("lets a message go out only by way of sending", () => {
    expect(sourcesOf("sending")).toEqual(["queued"]);
    expect(sourcesOf("sent")).toEqual(["sending", "unknown"]);
  });

  it("lets nothing that is settled be queued again", () => {
    expect(sourcesOf("queued").filter((status) => SMS_SETTLED.includes(status))).toEqual([]);
  });

  it("lets every status but the first be reached", () => {
    for (const status of SMS_STATUSES.filter((one) => one !== "queued" && one !== "suppressed"))
      expect(sourcesOf(status)).not.toEqual([]);
  });
});
