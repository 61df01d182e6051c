/** R14: one high-value purchase split into several below the limit. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { defineRule, type Hit, PURCHASE_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const params = z
  .strictObject({
    limitFen: z.number().int().min(100),
    sharePercentMin: z.number().int().min(1).max(100),
    sharePercentMax: z.number().int().min(1).max(200),
    countMin: z.number().int().min(2).max(16),
    sumPercentMin: z.number().int().min(100).max(1000),
    windowMinutes: z.number().int().min(1).max(1440),
    chainWindowHours: z.number().int().min(1).max(168),
  })
  .refine((given) => given.sharePercentMin <= given.sharePercentMax, "sharePercentMin <= sharePercentMax");
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "R14",
  name: "SPLIT_PURCHASE",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.CHALLENGE],
  about: {
    sees: "Several purchases each just within the limit that together are well above it, within minutes or at one chain within a day.",
    basis:
      "Purchases kept below a limit in the Hangzhou case (largest ¥680); limits per purchase differ by region.",
  },
  explain: {
    "zh-CN": (facts) =>
      `${facts.clause === "anywhere" ? `${facts.windowMinutes}分钟内` : `${facts.chainWindowHours}小时内在同一连锁`}分${facts.count}笔消费，合计${factYuan(facts, "sumFen")}，每笔不超过限额${factYuan(facts, "limitFen")}。请出示身份证核验；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      `${facts.count} purchases of ${factYuan(facts, "sumFen")} in all, each within the limit of ${factYuan(facts, "limitFen")}, ${facts.clause === "anywhere" ? `within ${facts.windowMinutes} min` : `within ${facts.chainWindowHours} h at one chain`}.`,
  },
  evaluate(judging, given) {
    if (!fits(judging.swipe.totalFen, given)) return null;
    return (
      splitHit(judging, given, "anywhere", given.windowMinutes * 60_000) ??
      splitHit(judging, given, "chain", given.chainWindowHours * 3_600_000)
    );
  },
});

function fits(totalFen: number, given: Params): boolean {
  return (
    totalFen * 100 >= given.limitFen * given.sharePercentMin &&
    totalFen * 100 <= given.limitFen * given.sharePercentMax
  );
}

function splitHit(
  judging: Judging,
  given: Params,
  clause: "anywhere" | "chain",
  windowMs: number,
): Hit | null {
  const { swipe, earlier, chosen } = judging;
  const { settles } = judging.person;
  // Too few whatever they come to: nearly always.
  if (!earlier.isWithin(given.countMin - 2, windowMs)) return null;
  chosen.begin();
  let sumFen = swipe.totalFen;
  for (let newer = 0; earlier.isWithin(newer, windowMs); newer++) {
    const at = earlier.at(newer);
    const totalFen = settles.totalFen(at);
    if (!fits(totalFen, given)) continue;
    if (clause === "chain" && settles.chain(at) !== swipe.chain) continue;
    sumFen += totalFen;
    chosen.add(at);
  }
  const count = chosen.count + 1;
  if (count < given.countMin || sumFen * 100 < given.limitFen * given.sumPercentMin) return null;
  return {
    action: Rank.CHALLENGE,
    facts: {
      clause,
      count,
      countMin: given.countMin,
      sumFen,
      sumFenMin: (given.limitFen * given.sumPercentMin) / 100,
      limitFen: given.limitFen,
      windowMinutes: given.windowMinutes,
      chainWindowHours: given.chainWindowHours,
    },
    evidence: chosen.eventIds(),
  };
}
