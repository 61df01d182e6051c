/** Which swipes are one piece of news to a cardholder: those of one card that the same family of rules stopped. Pure. */

import { storableText } from "../../../platform/database/database.js";
import { type Credential, SEVERITIES, type Severity } from "../../../schemas/fields.js";
import type { Reason } from "../../../schemas/outcomes.js";
import type { SmsSituation } from "../../../schemas/sms-templates.js";

export const RULE_FAMILIES = {
  lost: ["R01", "R02", "R03", "R04"],
  pin: ["R08", "R09", "R10"],
  travel: ["R12", "R13"],
  split: ["R14"],
  drain: ["R15"],
  basket: ["R17"],
  limits: ["R21"],
} as const;
export type RuleFamily = keyof typeof RULE_FAMILIES | "other";

/** An authorize, its settle and a second try are one piece of news. */
export const SAME_NEWS_MS = 600_000;

/** What was stopped harder is news again: wrong PINs, then the purchase with the right one. */
const RANKS: Readonly<Partial<Record<SmsSituation, number>>> = {
  "pin-failures": 0,
  challenge: 1,
  rejected: 2,
  "lost-card-rejected": 2,
};

export function newsRank(situation: SmsSituation): number {
  return RANKS[situation] ?? 0;
}

/** The first live reason that asks for the decision's action names the family; where a cap leaves none, the first live one. */
export function newsKeyOf(
  { credential, cardTail }: { readonly credential: Credential; readonly cardTail: string | null },
  { action, reasons }: { readonly action: Reason["action"]; readonly reasons: readonly Reason[] },
): string {
  const live = reasons.filter(({ mode }) => mode === "live");
  const first = live.find((reason) => reason.action === action) ?? live[0];
  return storableText(`${familyOf(first?.rule ?? "")} ${credential} ${cardTail ?? ""}`);
}

export function familyOf(rule: string): RuleFamily {
  const families = Object.entries(RULE_FAMILIES) as [RuleFamily, readonly string[]][];
  return families.find(([, rules]) => rules.includes(rule))?.[0] ?? "other";
}

/** Of the live reasons the highest. */
export function severityOf(reasons: readonly Reason[]): Severity {
  const ranks = reasons
    .filter(({ mode }) => mode === "live")
    .map(({ severity }) => SEVERITIES.indexOf(severity));
  return SEVERITIES[Math.max(0, ...ranks)]!;
}
