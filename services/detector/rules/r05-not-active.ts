/** R05: a card that was issued and is not active yet. */

import * as z from "zod";
import { isInactiveAt } from "../card/lives.js";
import { CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";

export const rule = defineRule({
  id: "R05",
  name: "NOT_ACTIVE",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: false,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REVIEW, Rank.REJECT],
  about: {
    sees: "A card that was issued and is not yet active by the region's activation delay.",
    basis: "Chongqing: active 15 days after the employer collects the card (source article S4).",
  },
  explain: {
    "zh-CN": () => "该卡已发放但尚未启用，启用后才能使用。请向经办机构问清启用时间，现在可用医保电子凭证。",
    en: () => "The card was issued and is not active yet.",
  },
  evaluate(judging) {
    const { swipe } = judging;
    if (!swipe.hasCard || !isInactiveAt(judging.events(), judging.identity(), judging.t)) return null;
    return {
      action: swipe.emergency ? Rank.REVIEW : Rank.REJECT,
      code: "B6",
      facts: { emergency: swipe.emergency },
      evidence: [],
    };
  },
});
