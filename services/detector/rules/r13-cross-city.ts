/** R13: a larger purchase in a city that is neither home nor next to it. Alone a look, with R09, R15 or R17 a challenge. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { Home } from "../swipe.js";
import { defineRule, PURCHASE_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const params = z.strictObject({
  totalFenMin: z.number().int().min(0),
});

export const rule = defineRule<z.infer<typeof params>>({
  id: "R13",
  name: "CROSS_CITY",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes", "person-facts"],
  params,
  finds: [Rank.REVIEW],
  // Cross-city alone never rejects.
  actionMax: Rank.CHALLENGE,
  also: { rules: ["R09", "R15", "R17"], action: Rank.CHALLENGE },
  about: {
    sees: "A larger purchase in a city that is neither home nor next to it, without a filing, mutual aid, emergency or an agent. By itself a weak sign: more than half of all settlements of one county were made elsewhere.",
    basis:
      "Filing of care elsewhere (医保发〔2022〕22号), family mutual aid, and the base rate of 54.6 % in one county: never a reason to refuse by itself.",
  },
  explain: {
    "zh-CN": (facts) =>
      `在${facts.careCity}消费${factYuan(facts, "totalFen")}（达到${factYuan(facts, "totalFenMin")}），该地不是常住城市，也不相邻。如需核验请出示身份证，长住当地可办异地就医备案；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      `${factYuan(facts, "totalFen")} spent in ${facts.careCity} (threshold ${factYuan(facts, "totalFenMin")}), neither a home city nor next to one. Show your ID if you are asked to; if you stay there, file for care elsewhere; if it was not you, call 12393.`,
  },
  evaluate(judging, given) {
    const { swipe } = judging;
    if (swipe.totalFen < given.totalFenMin || judging.home() !== Home.AWAY) return null;
    if (swipe.emergency || swipe.agentPurchase || isAided(judging)) return null;
    const { regions } = judging.bundle;
    const homeCities = judging.homeCities();
    if (homeCities.some((city) => regions.areAdjacent(city, swipe.careCity))) return null;
    return {
      action: Rank.REVIEW,
      facts: {
        totalFen: swipe.totalFen,
        totalFenMin: given.totalFenMin,
        careCity: regions.nameOf(swipe.careCity),
        homeCities: homeCities.map((city) => regions.nameOf(city)),
      },
      evidence: [],
    };
  },
});

/** A family member spends the shared account: that is what mutual aid is for. */
function isAided({ swipe, person, t }: Judging): boolean {
  return swipe.sharedAccountFen > 0 && person.facts.hasMutualAid(t);
}
