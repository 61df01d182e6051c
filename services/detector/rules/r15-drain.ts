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
    const long = spendingOf(judging, judging.earlier.countWithin(given.longDays * DAY_MS), null);
    const short = spendingOf(judging, judging.earlier.countWithin(given.shortDays * DAY_MS), long);
    return longHit(judging, given, long) ?? shortHit(judging, given, short);
  },
});

function shortHit(judging: Judging, given: Params, spending: Spending): Hit | null {
  const windowDays = given.shortDays;
  if (!reaches(spending, given.shortPercent, given)) return null;
  return {
    action: Rank.REVIEW,
    facts: spendingFacts(spending, windowDays, given.shortPercent),
    evidence: evidenceOf(judging, spending),
  };
}

function longHit(judging: Judging, given: Params, spending: Spending): Hit | null {
  const windowDays = given.longDays;
  if (!reaches(spending, given.longPercent, given)) return null;
  const { awayFen, pharmacyCount } = whereSpent(judging, spending);
  if (awayFen * 100 < spending.spentFen * given.awayPercent && pharmacyCount < given.pharmaciesMin)
    return null;
  const isUnusual = judging.home() === Home.AWAY || !wasApprovedHere(judging);
  return {
    action: isUnusual ? Rank.CHALLENGE : Rank.REVIEW,
    facts: {
      ...spendingFacts(spending, windowDays, given.longPercent),
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
  /** Balance before the earliest swipe of the window that has one; FEN_MISSING without. */
  readonly openingFen: number;
  /** Account money of the window, the judged swipe included. */
  readonly spentFen: number;
}

/** @param other of another window: the same where it holds as many settles. */
function spendingOf(judging: Judging, settleCount: number, other: Spending | null): Spending {
  if (other?.settleCount === settleCount) return other;
  const openingFen = openingOf(judging, settleCount);
  // Nobody asks what was spent of an unknown balance.
  const spentFen = openingFen === FEN_MISSING ? 0 : spentOf(judging, settleCount);
  return { settleCount, openingFen, spentFen };
}

function spentOf({ earlier, person, swipe }: Judging, settleCount: number): number {
  let spentFen = swipe.accountFen;
  for (let newer = 0; newer < settleCount; newer++)
    spentFen += Math.max(0, person.settles.accountFen(earlier.at(newer)));
  return spentFen;
}

function openingOf({ earlier, person, swipe }: Judging, settleCount: number): number {
  for (let newer = settleCount - 1; newer >= 0; newer--) {
    const balanceFen = person.settles.balanceBeforeFen(earlier.at(newer));
    if (balanceFen !== FEN_MISSING) return balanceFen;
  }
  return swipe.balanceBeforeFen;
}

function reaches(spending: Spending, percentMin: number, given: Params): boolean {
  const { openingFen, spentFen } = spending;
  return (
    openingFen !== FEN_MISSING &&
    openingFen >= given.openingFenMin &&
    spentFen * 100 >= openingFen * percentMin
  );
}

/** Account money spent outside the home cities, and the pharmacies it was spent at, the judged swipe included. */
function whereSpent(judging: Judging, spending: Spending): { awayFen: number; pharmacyCount: number } {
  const { swipe, bundle } = judging;
  const { settles } = judging.person;
  const pharmacies = new Set<number>();
  let awayFen = judging.home() === Home.AWAY ? swipe.accountFen : 0;
  if (swipe.atPharmacy) pharmacies.add(swipe.institution);
  for (let newer = 0; newer < spending.settleCount; newer++) {
    const at = judging.earlier.at(newer);
    if (settles.accountFen(at) <= 0) continue;
    if (settles.atPharmacy(at)) pharmacies.add(settles.institution(at));
    const city = bundle.regions.cityOf(settles.region(at));
    if (judging.homeOf(city) === Home.AWAY) awayFen += settles.accountFen(at);
  }
  return { awayFen, pharmacyCount: pharmacies.size };
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
