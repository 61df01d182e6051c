/** R15: the personal account is being emptied. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { NONE } from "../person/kept-swipes.js";
import { FEN_MISSING, Home } from "../swipe.js";
import { defineRule, type Hit, PURCHASE_KINDS, Rank } from "./rule.js";
import { factYuan } from "./wording.js";

const percent = z.number().int().min(1).max(100);
const params = z.strictObject({
  openingFenMin: z.number().int().min(0),
  shortDays: z.number().int().min(1).max(35),
  shortPercent: percent,
  longDays: z.number().int().min(1).max(35),
  longPercent: percent,
  awayPercent: percent,
  pharmaciesMin: z.number().int().min(1).max(32),
});
type Params = z.infer<typeof params>;
const DAY_MS = 86_400_000;

export const rule = defineRule<Params>({
  id: "R15",
  name: "DRAIN",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes", "person-facts"],
  params,
  finds: [Rank.REVIEW, Rank.CHALLENGE],
  about: {
    sees: "Most of the opening balance of the personal account spent within a week or a month.",
    basis: "The Hangzhou case: ¥2,800 down to less than ¥300 (89 %) (source article S3).",
  },
  explain: {
    "zh-CN": (facts) =>
      `${facts.windowDays}天内个人账户支出${factYuan(facts, "spentFen")}，占期初余额${factYuan(facts, "openingFen")}的${facts.spentPercent}%（阈值${facts.percentMin}%）。请核对消费记录，如需核验请出示身份证；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      `${factYuan(facts, "spentFen")} of the opening balance ${factYuan(facts, "openingFen")} spent within ${facts.windowDays} days: ${facts.spentPercent} % (threshold ${facts.percentMin} %).`,
  },
  evaluate(judging, given) {
    if (judging.swipe.accountFen <= 0) return null;
    const { earlier } = judging;
    const longCount = earlier.countWithin(given.longDays * DAY_MS);
    const longOpeningFen = openingOf(judging, longCount);
    const longSpentFen = spentOf(judging, longCount, longOpeningFen);
    // Most windows reach nothing: only of those that do is an object made.
    if (reaches(longOpeningFen, longSpentFen, given.longPercent, given)) {
      const long = { settleCount: longCount, openingFen: longOpeningFen, spentFen: longSpentFen };
      const hit = longHit(judging, given, long);
      if (hit !== null) return hit;
    }
    const settleCount = earlier.countWithin(given.shortDays * DAY_MS);
    const isSame = settleCount === longCount;
    const openingFen = isSame ? longOpeningFen : openingOf(judging, settleCount);
    const spentFen = isSame ? longSpentFen : spentOf(judging, settleCount, openingFen);
    if (!reaches(openingFen, spentFen, given.shortPercent, given)) return null;
    return shortHit(judging, given, { settleCount, openingFen, spentFen });
  },
});

function shortHit(judging: Judging, given: Params, spending: Spending): Hit {
  return {
    action: Rank.REVIEW,
    facts: spendingFacts(spending, given.shortDays, given.shortPercent),
    evidence: evidenceOf(judging, spending),
  };
}

function longHit(judging: Judging, given: Params, spending: Spending): Hit | null {
  const awayFen = awayFenOf(judging, spending.settleCount);
  const pharmacyCount = judging.institutions.count;
  if (awayFen * 100 < spending.spentFen * given.awayPercent && pharmacyCount < given.pharmaciesMin)
    return null;
  const isUnusual = judging.home() === Home.AWAY || !wasApprovedHere(judging);
  return {
    action: isUnusual ? Rank.CHALLENGE : Rank.REVIEW,
    facts: {
      ...spendingFacts(spending, given.longDays, given.longPercent),
      awayFen,
      awayPercentMin: given.awayPercent,
      pharmacyCount,
      pharmaciesMin: given.pharmaciesMin,
    },
    evidence: evidenceOf(judging, spending),
  };
}

interface Spending {
  /** Counted settles of the window. */
  readonly settleCount: number;
  /** Balance before the earliest swipe of the window that has one. */
  readonly openingFen: number;
  /** Account money of the window, the judged swipe included. */
  readonly spentFen: number;
}

/** 0 where the balance is not known: nobody asks. */
function spentOf({ earlier, person, swipe }: Judging, settleCount: number, openingFen: number): number {
  if (openingFen === FEN_MISSING) return 0;
  let spentFen = swipe.accountFen;
  for (let newer = 0; newer < settleCount; newer++)
    spentFen += Math.max(0, person.settles.accountFen(earlier.at(newer)));
  return spentFen;
}

/** FEN_MISSING where no swipe of the window has a balance. */
function openingOf({ earlier, person, swipe }: Judging, settleCount: number): number {
  for (let newer = settleCount - 1; newer >= 0; newer--) {
    const balanceFen = person.settles.balanceBeforeFen(earlier.at(newer));
    if (balanceFen !== FEN_MISSING) return balanceFen;
  }
  return swipe.balanceBeforeFen;
}

function reaches(openingFen: number, spentFen: number, percentMin: number, given: Params): boolean {
  return (
    openingFen !== FEN_MISSING &&
    openingFen >= given.openingFenMin &&
    spentFen * 100 >= openingFen * percentMin
  );
}

/** Account money spent outside the home cities, the judged swipe included; meets the pharmacies it was spent at. */
function awayFenOf(judging: Judging, settleCount: number): number {
  const { swipe, bundle, institutions } = judging;
  const { settles } = judging.person;
  institutions.begin();
  if (swipe.atPharmacy) institutions.add(swipe.institution);
  let awayFen = judging.home() === Home.AWAY ? swipe.accountFen : 0;
  for (let newer = 0; newer < settleCount; newer++) {
    const at = judging.earlier.at(newer);
    if (settles.accountFen(at) <= 0) continue;
    if (settles.atPharmacy(at)) institutions.add(settles.institution(at));
    const city = bundle.regions.cityOf(settles.region(at));
    if (judging.homeOf(city) === Home.AWAY) awayFen += settles.accountFen(at);
  }
  return awayFen;
}

/** Was a kept counted settle at this institution approved? */
function wasApprovedHere(judging: Judging): boolean {
  const { earlier, person, swipe } = judging;
  const { settles } = person;
  for (let newer = 0; earlier.at(newer) !== NONE; newer++) {
    const at = earlier.at(newer);
    if (settles.action(at) === Rank.APPROVE && settles.institution(at) === swipe.institution) return true;
  }
  return false;
}

function spendingFacts(spending: Spending, windowDays: number, percentMin: number) {
  const { spentFen, openingFen } = spending;
  // A balance of nothing is emptied by any spending.
  const spentPercent = openingFen === 0 ? 100 : Math.floor((spentFen * 100) / openingFen);
  return { spentFen, openingFen, spentPercent, percentMin, windowDays };
}

function evidenceOf({ earlier, chosen }: Judging, { settleCount }: Spending): string[] {
  chosen.begin();
  for (let newer = 0; newer < settleCount; newer++) chosen.add(earlier.at(newer));
  return chosen.eventIds();
}
