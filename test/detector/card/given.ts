/** Given records, when a status record arrives: its transition, the revisions it causes, and what a swipe then meets. */

import type {
  DecisionOutcome,
  Outcome,
  RevisionOutcome,
  TransitionOutcome,
} from "../../../schemas/outcomes.js";
import { judgeRecords } from "../../support/judge.js";
import { type RecordFields, rawRecord } from "../raw-records.js";

/** eventIds are `given-1` … and `when`. */
export function outcomesOf(given: readonly RecordFields[], when: RecordFields): readonly Outcome[] {
  const records = [
    ...given.map((fields, index) => rawRecord(fields, `given-${index + 1}`)),
    rawRecord(when, "when"),
  ];
  const judged = judgeRecords(records);
  return judged
    .filter(({ line }) => line === records.length)
    .map(({ outcome }) => {
      if ("refused" in outcome) throw new Error(`refused: ${outcome.field}: ${outcome.reason}`);
      return outcome;
    });
}

export function transitionOf(given: readonly RecordFields[], when: RecordFields): TransitionOutcome {
  const [first] = outcomesOf(given, when);
  if (first?.type !== "transition") throw new Error(`expected a transition, found ${JSON.stringify(first)}`);
  return first;
}

export function revisionsOf(given: readonly RecordFields[], when: RecordFields): RevisionOutcome[] {
  return outcomesOf(given, when).filter((outcome) => outcome.type === "revision");
}

/** Action and live rules (floors by their code) of a swipe after the given records. */
export function metBy(given: readonly RecordFields[], swipe: RecordFields): string {
  const [decision] = outcomesOf(given, swipe) as readonly DecisionOutcome[];
  return verdictOf(decision!);
}

/** `reject R01`, `review ID_REPORTED_LOST`, `approve`. */
export function verdictOf({ action, reasons }: Pick<DecisionOutcome, "action" | "reasons">): string {
  const names = reasons.map(({ rule, code }) => (rule === "R00" ? code : rule));
  return [action, ...names].join(" ");
}
