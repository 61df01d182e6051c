/** R17: drugs that dealers buy up (回流药), much of them, at several pharmacies or away from home. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { FEN_MISSING, Home } from "../swipe.js";
import { defineRule, PURCHASE_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const params = z.strictObject({
  windowHours: z.number().int().min(1).max(168),
  listedFenMin: z.number().int().min(1),
  pharmaciesMin: z.number().int().min(2).max(32),
});
type Params = z.infer<typeof params>;
const HOUR_MS = 3_600_000;

export const rule = defineRule<Params>({
  id: "R17",
  name: "RESALE_BASKET",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes", "person-facts"],
  params,
  finds: [Rank.CHALLENGE],
  about: {
    sees: "Drugs that are easily resold: for a large amount within a day, at several pharmacies, or away from home.",
    basis:
      "The Beijing case of 2024 (片仔癀, 安宫牛黄丸 bought for resale); Implementing Rules (国家医保局令7号): over-buying and reselling.",
  },
  explain: {
    "zh-CN": (facts) =>
      `${
        facts.clause === "amount"
          ? `${facts.windowHours}小时内购买易转卖药品共${factYuan(facts, "listedFen")}（达到${factYuan(facts, "listedFenMin")}）`
          : facts.clause === "pharmacies"
            ? `${facts.windowHours}小时内在${facts.pharmacyCount}家药店购买易转卖药品（阈值${facts.pharmaciesMin}家）`
            : "在常住城市以外购买易转卖药品"
      }。请出示身份证核验后继续；不是您本人购买，请拨12393挂失。`,
    en: (facts) =>
      `${
        facts.clause === "amount"
          ? `Drugs that are easily resold for ${factYuan(facts, "listedFen")} within ${facts.windowHours} h (threshold ${factYuan(facts, "listedFenMin")})`
          : facts.clause === "pharmacies"
            ? `Drugs that are easily resold bought at ${facts.pharmacyCount} pharmacies within ${facts.windowHours} h (threshold ${facts.pharmaciesMin})`
            : "Drugs that are easily resold bought outside the home cities"
      }. Show your ID to continue; if it was not you, call 12393.`,
  },
  evaluate(judging, given) {
    if (judging.swipe.listedFen === FEN_MISSING) return null;
    const listedFen = listedFenWithin(judging, given.windowHours * HOUR_MS);
    const pharmacyCount = judging.institutions.count;
    const isAway = judging.home() === Home.AWAY;
    const clause =
      listedFen >= given.listedFenMin
        ? "amount"
        : pharmacyCount >= given.pharmaciesMin
          ? "pharmacies"
          : isAway
            ? "away"
            : null;
    if (clause === null) return null;
    return {
      action: Rank.CHALLENGE,
      facts: {
        clause,
        listedFen,
        listedFenMin: given.listedFenMin,
        pharmacyCount,
        pharmaciesMin: given.pharmaciesMin,
        windowHours: given.windowHours,
        isAway,
      },
      evidence: judging.chosen.eventIds(),
    };
  },
});

/**
 * What the listed items of the window come to, the judged swipe's included. It chooses the counted settles with such
 * items, and meets the pharmacies.
 */
function listedFenWithin(judging: Judging, windowMs: number): number {
  const { swipe, earlier, chosen, institutions } = judging;
  const { settles } = judging.person;
  let { listedFen } = swipe;
  chosen.begin();
  institutions.begin();
  if (swipe.atPharmacy) institutions.add(swipe.institution);
  for (let newer = 0; earlier.isWithin(newer, windowMs); newer++) {
    const at = earlier.at(newer);
    const fen = settles.listedFen(at);
    if (fen === FEN_MISSING) continue;
    listedFen += fen;
    if (settles.atPharmacy(at)) institutions.add(settles.institution(at));
    chosen.add(at);
  }
  return listedFen;
}
