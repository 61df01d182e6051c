import { expect, it } from "@jest/globals";
import { CASE_TERMS, caseClocks } from "../../../schemas/console/sla.js";

const HOUR_MS = 3_600_000;
const fresh = {
  severity: "critical",
  firstStandingAtMs: 0,
  reopenedAtMs: null,
  state: "new",
  assignee: null,
} as const;

it.each([
  ["nobody has it: both run", fresh, 1, 24],
  ["somebody has it: it is to be decided", { ...fresh, assignee: "lin" }, null, 24],
  ["it was moved on: taken too", { ...fresh, state: "triage" }, null, 24],
  ["it is decided: none runs", { ...fresh, state: "cleared", assignee: "lin" }, null, null],
  ["nothing stands: none runs", { ...fresh, firstStandingAtMs: null }, null, null],
  ["opened again it begins anew", { ...fresh, state: "triage", reopenedAtMs: 10 * HOUR_MS }, null, 34],
] as const)("%s", (_, standing, takeHours, decideHours) => {
  const { takeByMs, decideByMs } = caseClocks(standing);
  expect([takeByMs, decideByMs]).toEqual(
    [takeHours, decideHours].map((hours) => (hours === null ? null : hours * HOUR_MS)),
  );
});

it("what is more severe is due no later, and nothing is to be decided before it is to be taken", () => {
  const terms = (["critical", "high", "medium", "low"] as const).map((severity) => CASE_TERMS[severity]);
  terms.forEach(({ takeHours, decideHours }, i) => {
    expect(takeHours).toBeLessThan(decideHours);
    const next = terms[i + 1];
    if (next === undefined) return;
    expect(takeHours).toBeLessThan(next.takeHours);
    expect(decideHours).toBeLessThan(next.decideHours);
  });
});
