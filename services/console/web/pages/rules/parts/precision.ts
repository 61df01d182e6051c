/** Precision of rules from rows by region. Pure. */

import type { RulePrecision } from "../../../../../../schemas/precision.js";

export interface RuleVerdict {
  /** null without feedback. */
  readonly precision: number | null;
  readonly falseBlockRate: number | null;
}

/** Of the regions that are there together: by people, as each region counts it. */
export function verdictsByRule(rows: readonly RulePrecision[]): ReadonlyMap<string, RuleVerdict> {
  const rules = [...new Set(rows.map(({ rule }) => rule))];
  return new Map(rules.map((rule) => [rule, verdictOf(rows.filter((row) => row.rule === rule))]));
}

function verdictOf(rows: readonly RulePrecision[]): RuleVerdict {
  const sum = (name: "peopleConfirmed" | "peopleHonest" | "stoppedHonest" | "challenged" | "rejected") =>
    rows.reduce((total, row) => total + row[name], 0);
  return {
    precision: share(sum("peopleConfirmed"), sum("peopleConfirmed") + sum("peopleHonest")),
    falseBlockRate: share(sum("stoppedHonest"), sum("challenged") + sum("rejected")),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
