/** R21: the holder's own switches: only at home, not at night, no more than so much a day. */

import * as z from "zod";
import { dayOf, startOfDayMs } from "../../../schemas/working-calendar.js";
import type { Judging } from "../judging.js";
import { Home } from "../swipe.js";
import { defineRule, type HitFacts, PURCHASE_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const HOUR_MS = 3_600_000;
const hour = z.number().int().min(0).max(23);
const params = z
  .strictObject({
    /** Shanghai hours; the night lasts from the first one's beginning up to the second one's. */
    nightFromHour: hour,
    nightToHour: hour,
  })
  .refine((given) => given.nightFromHour !== given.nightToHour, "nightFromHour != nightToHour");
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "R21",
  name: "HOLDER_LIMIT",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes", "person-facts"],
  params,
  finds: [Rank.CHALLENGE],
  overriddenBy: "insuredRegion",
  about: {
    sees: "A purchase beyond the limits the holder has set: only at home, an amount a day, not at night.",
    basis: "The holder's own wish (person fact `limits`).",
  },
  explain: {
    "zh-CN": (facts) =>
      `超出您自己设定的限制：${clausesOf(facts, "zh-CN").join("；")}。核验身份后可继续，要改限制请到经办机构；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      `Beyond the limits you set yourself: ${clausesOf(facts, "en").join("; ")}. Show your ID to continue, or have the limits changed at the insurance office; if it was not you, call 12393.`,
  },
  evaluate(judging, given) {
    const limits = judging.person.facts.limits(judging.t);
    if (limits === null) return null;
    const todayFen = limits.dailyFen === null ? null : spentToday(judging);
    const isOverDaily = todayFen !== null && todayFen > limits.dailyFen!;
    const isAway = limits.homeOnly && judging.home() === Home.AWAY;
    const isNight = limits.noNight && isWithinNight(judging.t, given);
    if (!isOverDaily && !isAway && !isNight) return null;
    return {
      action: Rank.CHALLENGE,
      facts: {
        ...(isOverDaily ? { dayTotalFen: todayFen, dailyFenMax: limits.dailyFen } : {}),
        ...(isAway ? { isAway } : {}),
        ...(isNight ? { isNight, ...given } : {}),
      },
      evidence: isOverDaily ? judging.chosen.eventIds() : [],
    };
  },
});

/** totalFen of the counted settles of the swipe's Shanghai day up to it, which it chooses, and of itself. */
function spentToday(judging: Judging): number {
  const sinceDayStartMs = judging.t - startOfDayMs(dayOf(judging.t));
  const { earlier, chosen } = judging;
  const { settles } = judging.person;
  let { totalFen } = judging.swipe;
  chosen.begin();
  for (let newer = 0; earlier.isWithin(newer, sinceDayStartMs); newer++) {
    const at = earlier.at(newer);
    totalFen += settles.totalFen(at);
    chosen.add(at);
  }
  return totalFen;
}

function isWithinNight(t: number, { nightFromHour, nightToHour }: Params): boolean {
  const hourNow = Math.floor((t - startOfDayMs(dayOf(t))) / HOUR_MS);
  return nightFromHour > nightToHour
    ? hourNow >= nightFromHour || hourNow < nightToHour
    : hourNow >= nightFromHour && hourNow < nightToHour;
}

function clausesOf(facts: HitFacts, language: "zh-CN" | "en"): string[] {
  const isChinese = language === "zh-CN";
  const clauses: string[] = [];
  if (facts.dailyFenMax !== undefined) {
    const [sum, limit] = [factYuan(facts, "dayTotalFen"), factYuan(facts, "dailyFenMax")];
    clauses.push(isChinese ? `当日消费${sum}，上限${limit}` : `${sum} spent that day, at most ${limit}`);
  }
  if (facts.isAway === true) clauses.push(isChinese ? "只在常住城市使用" : "home cities only");
  if (facts.isNight === true) {
    const { nightFromHour, nightToHour } = facts;
    clauses.push(
      isChinese
        ? `${nightFromHour}点至${nightToHour}点不用`
        : `not from ${nightFromHour}:00 to ${nightToHour}:00`,
    );
  }
  return clauses;
}
