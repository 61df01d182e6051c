/** The figures that a set must reach under its own ruleset file. */
import { type SetReport, WHOLE_SET } from "./evaluate.js";
import type { LabelledSet } from "./labelled-set.js";

export interface Verdict {
  readonly held: boolean;
  readonly text: string;
}

const shown = (value: number | null): string => value?.toFixed(4) ?? "none";

/** null where the set promises nothing. */
export function mustHoldVerdict(set: LabelledSet, report: SetReport): Verdict | null {
  const limits = set.mustHold;
  if (limits === null) return null;
  const whole = report.periods.find((period) => period.period === WHOLE_SET);
  const row = whole?.rows.find((each) => each.under === set.rulesetFile && each.detector === limits.rule);
  const recall = row?.recall ?? null;
  const precision = row?.precision ?? null;
  const held =
    recall !== null && precision !== null && recall >= limits.recallMin && precision >= limits.precisionMin;
  return {
    held,
    text:
      `${set.name}: ${limits.rule} under ${set.rulesetFile}: recall ${shown(recall)} (at least ${limits.recallMin}), ` +
      `precision ${shown(precision)} (at least ${limits.precisionMin}): ${held ? "held" : "MISSED"}`,
  };
}
