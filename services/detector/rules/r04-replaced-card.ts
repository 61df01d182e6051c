/** R04: the number of a card that was replaced or cancelled. */

import * as z from "zod";
import { invalidNumberSinceMs } from "../card/lives.js";
import { CredentialId } from "../swipe.js";
import { isExemptByStay } from "./loss.js";
import { CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

export const rule = defineRule({
  id: "R04",
  name: "REPLACED_CARD",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REVIEW, Rank.REJECT],
  about: {
    sees: "A card number that was replaced or cancelled. The new number of the person stays free.",
    basis: "The old card is void once it is replaced, even if it is found (source articles S3, S4).",
  },
  explain: {
    "zh-CN": (facts) =>
      `该卡号自${factMinute(facts, "invalidSince")}起已补换或注销，旧卡作废。请使用新卡或医保电子凭证。`,
    en: (facts) => `This card number was replaced or cancelled as of ${factMinute(facts, "invalidSince")}.`,
  },
  evaluate(judging) {
    const { swipe } = judging;
    if (swipe.credential !== CredentialId.CARD || !swipe.hasCard) return null;
    const sinceMs = invalidNumberSinceMs(judging.events(), judging.identity(), judging.t);
    if (sinceMs === null) return null;
    return {
      action: isExemptByStay(judging, sinceMs) ? Rank.REVIEW : Rank.REJECT,
      code: "B9",
      facts: { invalidSince: instantFact(sinceMs) },
      evidence: [],
    };
  },
});
