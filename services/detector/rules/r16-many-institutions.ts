/** R16: one person at many institutions within a short time (敛卡套刷). Basis: audit model, gap below 30 min. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { NONE } from "../person/kept-swipes.js";
import { defineRule, type Hit, PURCHASE_KINDS, Rank } from "./rule.js";

const params = z.strictObject({
  gapMinutes: z.number().int().min(1).max(1440),
  pharmaciesMin: z.number().int().min(2).max(32),
  pharmacyWindowMinutes: z.number().int().min(1).max(1440),
  institutionsMin: z.number().int().min(2).max(32),
  institutionWindowHours: z.number().int().min(1).max(168),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "R16",
  name: "MANY_INSTITUTIONS",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.REVIEW, Rank.CHALLENGE],
  about: {
    sees: "Many institutions within a short time: pharmacies of different chains one after another, or several institutions within a day.",
    basis:
      "Audit model for card collecting: same card, another institution, less than 30 minutes; the Beijing case of four pharmacies.",
  },
  explain: {
    "zh-CN": (facts) =>
      facts.clause === "gap"
        ? `${facts.gapMinutes}分钟内先后在两家不同连锁的药店刷卡。不是您本人消费，请拨12393挂失。`
        : facts.clause === "pharmacies"
          ? `${facts.windowMinutes}分钟内在${facts.count}家药店刷卡（阈值${facts.countMin}家）。请出示身份证核验；不是您本人消费，请拨12393挂失。`
          : `${facts.windowHours}小时内在${facts.count}家机构刷卡（阈值${facts.countMin}家）。请出示身份证核验；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      facts.clause === "gap"
        ? `Two pharmacies of different chains less than ${facts.gapMinutes} min apart.`
        : facts.clause === "pharmacies"
          ? `${facts.count} pharmacies within ${facts.windowMinutes} min (threshold ${facts.countMin}).`
          : `${facts.count} institutions within ${facts.windowHours} h (threshold ${facts.countMin}).`,
  },
  evaluate(judging, given) {
    return pharmaciesHit(judging, given) ?? institutionsHit(judging, given) ?? gapHit(judging, given);
  },
});

function pharmaciesHit(judging: Judging, given: Params): Hit | null {
  if (!judging.swipe.atPharmacy) return null;
  const { seen, evidence } = visited(judging, given.pharmacyWindowMinutes * 60_000, true);
  if (seen < given.pharmaciesMin) return null;
  return {
    action: Rank.CHALLENGE,
    facts: {
      clause: "pharmacies",
      count: seen,
      countMin: given.pharmaciesMin,
      windowMinutes: given.pharmacyWindowMinutes,
    },
    evidence: eventIds(judging, evidence),
  };
}

function institutionsHit(judging: Judging, given: Params): Hit | null {
  const { seen, evidence } = visited(judging, given.institutionWindowHours * 3_600_000, false);
  if (seen < given.institutionsMin) return null;
  return {
    action: Rank.CHALLENGE,
    facts: {
      clause: "institutions",
      count: seen,
      countMin: given.institutionsMin,
      windowHours: given.institutionWindowHours,
    },
    evidence: eventIds(judging, evidence),
  };
}

function gapHit(judging: Judging, given: Params): Hit | null {
  const { swipe } = judging;
  const { settles } = judging.person;
  if (!swipe.atPharmacy) return null;
  for (let at = judging.newestCounted(); at !== NONE; at = judging.countedBefore(at)) {
    if (judging.age(at) >= given.gapMinutes * 60_000) return null;
    const isOther = settles.institution(at) !== swipe.institution && settles.chain(at) !== swipe.chain;
    if (settles.atPharmacy(at) && isOther)
      return {
        action: Rank.REVIEW,
        facts: { clause: "gap", gapMinutes: given.gapMinutes },
        evidence: eventIds(judging, [at]),
      };
  }
  return null;
}

/** Different institutions of the window, the judged one included, and one settle at each other. */
function visited(judging: Judging, windowMs: number, onlyPharmacies: boolean) {
  const { settles } = judging.person;
  const evidence: number[] = [];
  for (let at = judging.newestCounted(); at !== NONE; at = judging.countedBefore(at)) {
    if (judging.age(at) > windowMs) break;
    if (onlyPharmacies && !settles.atPharmacy(at)) continue;
    if (isNew(judging, evidence, settles.institution(at))) evidence.push(at);
  }
  return { seen: evidence.length + 1, evidence };
}

function isNew(judging: Judging, seen: readonly number[], institution: number): boolean {
  if (institution === judging.swipe.institution) return false;
  for (const at of seen) if (judging.person.settles.institution(at) === institution) return false;
  return true;
}

function eventIds(judging: Judging, evidence: readonly number[]): string[] {
  return evidence.map((at) => judging.person.settles.eventId(at)).reverse();
}
