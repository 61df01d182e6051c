/** SPLIT: three purchases within half an hour, each below the limit, together well above it. */

import * as z from "zod";
import { defineRule, Rank } from "../../../services/detector/rules/rule.js";
import { FEN_MISSING } from "../../../services/detector/swipe.js";

const params = z.strictObject({
  limitFen: z.number().int().min(100),
  sharePercentMin: z.number().int().min(1).max(100),
  sharePercentMax: z.number().int().min(1).max(200),
  countMin: z.number().int().min(2).max(16),
  sumPercentMin: z.number().int().min(100).max(1000),
  windowMinutes: z.number().int().min(1).max(1440),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "S04",
  name: "SPLIT",
  judges: ["settle"],
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.CHALLENGE],
  about: {
    sees: "Purchases just within a limit that together are above it.",
    basis: "The comparison swipe-5.",
  },
  explain: {
    "zh-CN": (facts) => `${facts.windowMinutes}分钟内分${facts.count}笔消费，每笔都低于限额。`,
    en: (facts) => `${facts.count} purchases within ${facts.windowMinutes} min, each below the limit.`,
  },
  evaluate(judging, given) {
    const { swipe, person, earlier } = judging;
    if (!isPurchase(swipe.accountFen) || !fits(swipe.totalFen, given)) return null;
    let count = 1;
    let sumFen = swipe.totalFen;
    for (let newer = 0; earlier.isWithin(newer, given.windowMinutes * 60_000); newer++) {
      const at = earlier.at(newer);
      const totalFen = person.settles.totalFen(at);
      if (!isPurchase(person.settles.accountFen(at)) || !fits(totalFen, given)) continue;
      count++;
      sumFen += totalFen;
    }
    if (count < given.countMin || sumFen * 100 < given.limitFen * given.sumPercentMin) return null;
    return {
      action: Rank.CHALLENGE,
      facts: { count, countMin: given.countMin, sumFen, windowMinutes: given.windowMinutes },
      evidence: [],
    };
  },
});

/** The adaptor gives only purchases an account payment; registrations and queries have none. */
function isPurchase(accountFen: number): boolean {
  return accountFen !== FEN_MISSING;
}

function fits(totalFen: number, given: Params): boolean {
  return (
    totalFen * 100 >= given.limitFen * given.sharePercentMin &&
    totalFen * 100 <= given.limitFen * given.sharePercentMax
  );
}
