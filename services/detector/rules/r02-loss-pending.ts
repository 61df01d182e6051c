/** R02: a reported credential is used before the report takes effect: challenged and marked as disputed. */

import * as z from "zod";
import { isPendingAt } from "../card/loss-life.js";
import { CredentialId } from "../swipe.js";
import { lossLifeOf } from "./loss.js";
import { type ActionRank, CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

/** A lost identity document has its own floor, an interim certificate no loss life. */
const REPORTABLE: readonly number[] = [CredentialId.CARD, CredentialId.E_CREDENTIAL, CredentialId.TEMPORARY];

export const rule = defineRule({
  id: "R02",
  name: "LOSS_PENDING",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.APPROVE, Rank.REVIEW, Rank.CHALLENGE, Rank.REJECT],
  about: {
    sees: "A reported credential in the time between the report and the instant it takes effect, which some regions let last up to 24 hours. The purchase counts as disputed.",
    basis:
      "Delays of the loss policies; the Nanning case of 2011 (29 swipes within 18 hours around a report made while the counter was closed).",
  },
  explain: {
    "zh-CN": (facts) =>
      `该凭证已于${factMinute(facts, "reportedAt")}报失，挂失最迟于${factMinute(facts, "effectiveAt")}生效；本次消费记为有争议。是您本人，请出示身份证；不是您本人，请报警并申诉。`,
    en: (facts) =>
      `Reported lost at ${factMinute(facts, "reportedAt")}, in effect by ${factMinute(facts, "effectiveAt")} at the latest; this swipe is disputed.`,
  },
  evaluate(judging) {
    if (!REPORTABLE.includes(judging.swipe.credential)) return null;
    const interval = lossLifeOf(judging).intervals.findLast((each) => isPendingAt(each, judging.t));
    if (interval === undefined) return null;
    return {
      action: interval.pendingAction as ActionRank,
      facts: {
        reportedAt: instantFact(interval.reportedAtMs),
        effectiveAt: instantFact(interval.effectiveAtMs),
      },
      evidence: [],
    };
  },
});
