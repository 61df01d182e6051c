/** R01: a card or e-credential is used while its reported loss is in effect. Basis: 条例 17, 41. */

import * as z from "zod";
import { isEffectiveAt, type LossInterval } from "../card/loss-life.js";
import { lossIntervalsOf } from "../card/person-loss.js";
import type { Judging } from "../judging.js";
import { CredentialId } from "../swipe.js";
import { isExemptByStay, lossLifeOf } from "./loss.js";
import { CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

export const rule = defineRule({
  id: "R01",
  name: "LOST_CARD",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REVIEW, Rank.REJECT],
  about: {
    sees: "A card or e-credential that was reported lost and whose report is in effect: from the effective instant until it is released, replaced or runs out. A report of the card covers the e-credential only where the region's loss policy says so.",
    basis:
      "The loss policy of the region and channel of the report (docs/loss-policies.md); Regulation on Supervision of the Fund (国务院令735) art. 17, 41.",
  },
  explain: {
    "zh-CN": (facts) =>
      `该凭证已于${factMinute(facts, "reportedAt")}挂失，自${factMinute(facts, "effectiveAt")}起生效（${facts.state === "formal" ? "正式挂失" : "临时挂失"}），此后不能使用。请改用没有挂失的凭证，或先自费后报销。`,
    en: (facts) =>
      `The credential was reported lost at ${factMinute(facts, "reportedAt")}; the ${facts.state} loss is in effect since ${factMinute(facts, "effectiveAt")}.`,
  },
  evaluate(judging) {
    const interval = effectiveLoss(judging);
    if (interval === undefined) return null;
    const { t } = judging;
    const isFormal = t >= interval.formalFromMs || t >= interval.replacingFromMs;
    return {
      action: isExemptByStay(judging, interval.effectiveAtMs) ? Rank.REVIEW : Rank.REJECT,
      code: isFormal ? "B8" : "B7",
      facts: {
        state: isFormal ? "formal" : "provisional",
        reportedAt: instantFact(interval.reportedAtMs),
        effectiveAt: instantFact(interval.effectiveAtMs),
        expiresAt: instantFact(interval.expiresAtMaxMs),
      },
      evidence: [],
    };
  },
});

function effectiveLoss(judging: Judging): LossInterval | undefined {
  const { credential } = judging.swipe;
  if (credential !== CredentialId.CARD && credential !== CredentialId.E_CREDENTIAL) return undefined;
  const own = lossLifeOf(judging).intervals.findLast((interval) => isEffectiveAt(interval, judging.t));
  if (own !== undefined || credential === CredentialId.CARD) return own;
  return lossIntervalsOf(judging.person, judging.events(), CredentialId.CARD).findLast(
    (interval) => interval.blocksECredential && isEffectiveAt(interval, judging.t),
  );
}
