/** R10: spending with the PIN the card was issued with: a nudge at home, a challenge elsewhere. */

import * as z from "zod";
import { Home } from "../swipe.js";
import { defineRule, PIN_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const params = z.strictObject({ totalFenMin: z.number().int().min(0) });

export const rule = defineRule<z.infer<typeof params>>({
  id: "R10",
  name: "DEFAULT_PIN",
  judges: PIN_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["person-facts"],
  params,
  finds: [Rank.APPROVE, Rank.CHALLENGE],
  overriddenBy: "insuredRegion",
  about: {
    sees: "A purchase with the PIN the card was issued with.",
    basis:
      "Initial PIN 123456 (source article S4); a district found some 800,000 cards with an unchanged PIN.",
  },
  explain: {
    "zh-CN": (facts) =>
      `使用未修改的初始密码消费${factYuan(facts, "totalFen")}（达到${factYuan(facts, "totalFenMin")}）${facts.careIsHome === "away" ? "，且不在常住城市。请出示身份证核验，并尽快修改密码" : "，请尽快修改密码"}。`,
    en: (facts) =>
      `${factYuan(facts, "totalFen")} spent with the unchanged initial PIN (threshold ${factYuan(facts, "totalFenMin")}; place of care: ${facts.careIsHome}).`,
  },
  evaluate(judging, given) {
    const { swipe } = judging;
    if (!swipe.pinIsDefault || swipe.totalFen < given.totalFenMin) return null;
    const home = judging.home();
    if (home === Home.UNKNOWN) return null;
    return {
      action: home === Home.AWAY ? Rank.CHALLENGE : Rank.APPROVE,
      facts: {
        totalFen: swipe.totalFen,
        totalFenMin: given.totalFenMin,
        careIsHome: home === Home.AWAY ? "away" : "home",
      },
      evidence: [],
    };
  },
});
