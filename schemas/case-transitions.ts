/**
 * What may become of a case: one table for the code, the API and docs/cases.md. A state says where the work stands and what
 * is established of the card, never who is guilty: that is for a court.
 */

export const CASE_STATES = ["new", "triage", "investigating", "confirmed", "cleared", "closed"] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const CASE_STATE_MEANINGS: Readonly<Record<CaseState, string>> = {
  new: "nobody has looked",
  triage: "somebody looks whether there is anything to it",
  investigating: "facts are gathered",
  confirmed:
    "the card was used by somebody else than its holder, or against the rules: a fact of the card, no verdict on a person",
  cleared: "the swipes are explained: the holder's own, or allowed",
  closed: "the work is over; later alerts open the next case",
};

export interface CaseTransition {
  readonly reason: "needed" | "free";
  /** Does another person have to approve what one proposes? */
  readonly secondPerson: "always" | "money-at-risk" | "never";
  readonly requires: readonly CaseRequirement[];
}

export const CASE_REQUIREMENTS = {
  "no-open-appeal": "no appeal about it is open",
  "latest-case": "no later case of the same subject is there",
} as const;
export type CaseRequirement = keyof typeof CASE_REQUIREMENTS;

const begun: CaseTransition = { reason: "free", secondPerson: "never", requires: [] };
const returned: CaseTransition = { reason: "needed", secondPerson: "never", requires: [] };
/** A person's rights: four eyes. */
const established: CaseTransition = { reason: "needed", secondPerson: "always", requires: [] };
/** Money: four eyes. */
const ended: CaseTransition = {
  reason: "needed",
  secondPerson: "money-at-risk",
  requires: ["no-open-appeal"],
};
const reopened: CaseTransition = { reason: "needed", secondPerson: "never", requires: ["latest-case"] };

export const CASE_TRANSITIONS = {
  new: { triage: begun, investigating: begun },
  triage: { investigating: begun, cleared: established, closed: ended },
  investigating: { triage: returned, confirmed: established, cleared: established, closed: ended },
  // What two established, two take back.
  confirmed: { investigating: established, closed: ended },
  cleared: { investigating: established, closed: ended },
  closed: { triage: reopened },
} as const satisfies Readonly<Record<CaseState, Readonly<Partial<Record<CaseState, CaseTransition>>>>>;

/** null where it is not allowed. */
export function caseTransition(from: CaseState, to: CaseState): CaseTransition | null {
  const known: Readonly<Partial<Record<CaseState, CaseTransition>>> = CASE_TRANSITIONS[from];
  return known[to] ?? null;
}

export function caseStatesAfter(from: CaseState): readonly CaseState[] {
  return CASE_STATES.filter((to) => caseTransition(from, to) !== null);
}

export function needsSecondPerson({ secondPerson }: CaseTransition, moneyAtRiskFen: number): boolean {
  return secondPerson === "always" || (secondPerson === "money-at-risk" && moneyAtRiskFen > 0);
}
