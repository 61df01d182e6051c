/** LOST: the person's card was reported lost, formally: rejected until the report is ended. */

import * as z from "zod";
import { isEffectiveAt } from "../../../services/detector/card/loss-life.js";
import { lossLifeOf } from "../../../services/detector/rules/loss.js";
import { defineRule, Rank } from "../../../services/detector/rules/rule.js";
import { factMinute, instantFact } from "../../../services/detector/rules/wording.js";

export const rule = defineRule({
  id: "S01",
  name: "LOST",
  judges: ["settle"],
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REJECT],
  about: { sees: "A settle of a reported card.", basis: "The comparison swipe-5." },
  explain: {
    "zh-CN": (facts) => `该卡自${factMinute(facts, "effectiveAt")}起挂失。`,
    en: (facts) => `The card is reported lost since ${factMinute(facts, "effectiveAt")}.`,
  },
  evaluate(judging) {
    const interval = lossLifeOf(judging).intervals.findLast((each) => isEffectiveAt(each, judging.t));
    if (interval === undefined) return null;
    return { action: Rank.REJECT, facts: { effectiveAt: instantFact(interval.effectiveAtMs) }, evidence: [] };
  },
});
