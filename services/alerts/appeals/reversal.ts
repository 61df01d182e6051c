/** Which settlements are to be taken back after a decision, and what the judge is told. Pure. */

import { TRANSACTIONS } from "../../../schemas/national/transactions.js";
import type { Outcomes } from "./appeal.js";
import type { AppealableSwipe } from "./settled-swipes.js";

/** Kinds of visit of people who are in hospital (rules.md 1, in-stay exemption). */
const INPATIENT = /^(21|24|26|28|52|210[1-7])$/;

/** What 2601 names as `oinfno`. @returns null where it is not known: nobody guesses which settlement is taken back. */
export function originalInfno(
  swipe: Pick<AppealableSwipe, "institutionKind" | "visitKind">,
): "2102" | "2207" | "2304" | null {
  const { institutionKind, visitKind } = swipe;
  if (institutionKind === "pharmacy") return "2102";
  if (institutionKind !== "hospital" || visitKind === null) return null;
  return INPATIENT.test(visitKind) ? "2304" : "2207";
}

/** 药店结算 … */
export function infnoName(infno: string): string {
  return Object.hasOwn(TRANSACTIONS, infno) ? TRANSACTIONS[infno as keyof typeof TRANSACTIONS].name : infno;
}

export interface RuleVerdict {
  readonly rule: string;
  readonly verdict: "confirmed" | "honest";
}

/**
 * What the decision says about the rules that hit: confirmed where the holder's "not mine" was accepted, honest where the
 * swipe was found to be the holder's own. Of a swipe that was rejected for another reason nothing is known.
 */
export function ruleVerdicts(
  swipes: readonly Pick<AppealableSwipe, "decisionId" | "rules">[],
  outcomes: Outcomes,
  own: readonly string[],
): readonly RuleVerdict[] {
  const found = new Map<string, RuleVerdict>();
  for (const { decisionId, rules } of swipes) {
    const verdict = outcomes[decisionId] === "upheld" ? "confirmed" : "honest";
    if (verdict === "honest" && !own.includes(decisionId)) continue;
    for (const rule of rules) if (isJudged(rule)) found.set(`${rule} ${verdict}`, { rule, verdict });
  }
  return [...found.values()];
}

/** Floors (R00) and network rules are no rules that feedback is about. */
function isJudged(rule: string): boolean {
  return /^R(0[1-9]|[12]\d|3[01])$/.test(rule);
}
