/** FREQUENT: five swipes within an hour, the swipe itself included. */

import * as z from "zod";
import { defineRule, Rank } from "../../../services/detector/rules/rule.js";

const params = z.strictObject({
  countMin: z.number().int().min(2).max(64),
  windowMinutes: z.number().int().min(1).max(1440),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "S05",
  name: "FREQUENT",
  judges: ["settle"],
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.REVIEW],
  about: { sees: "Many settles within a short time.", basis: "The comparison swipe-5." },
  explain: {
    "zh-CN": (facts) => `${facts.windowMinutes}分钟内刷卡${facts.countMin}次以上。`,
    en: (facts) => `${facts.countMin} swipes or more within ${facts.windowMinutes} minutes.`,
  },
  evaluate(judging, given) {
    const othersMin = given.countMin - 1;
    if (!judging.earlier.isWithin(othersMin - 1, given.windowMinutes * 60_000)) return null;
    return {
      action: Rank.REVIEW,
      facts: { countMin: given.countMin, windowMinutes: given.windowMinutes },
      evidence: [],
    };
  },
});
