/** R16: one person at many institutions within a short time (敛卡套刷). Basis: audit model, gap below 30 min. */

import * as z from "zod";
import type { Judging } from "../judging.js";
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
  const windowMs = given.pharmacyWindowMinutes * 60_000;
  if (!hasSettles(judging, given.pharmaciesMin, windowMs)) return null;
  const count = countInstitutions(judging, windowMs, true);
  if (count < given.pharmaciesMin) return null;
  return {
    action: Rank.CHALLENGE,
    facts: {
      clause: "pharmacies",
      count,
      countMin: given.pharmaciesMin,
      windowMinutes: given.pharmacyWindowMinutes,
    },
    evidence: judging.chosen.eventIds(),
  };
}

function institutionsHit(judging: Judging, given: Params): Hit | null {
  const windowMs = given.institutionWindowHours * 3_600_000;
  if (!hasSettles(judging, given.institutionsMin, windowMs)) return null;
  const count = countInstitutions(judging, windowMs, false);
  if (count < given.institutionsMin) return null;
  return {
    action: Rank.CHALLENGE,
    facts: {
      clause: "institutions",
      count,
      countMin: given.institutionsMin,
      windowHours: given.institutionWindowHours,
    },
    evidence: judging.chosen.eventIds(),
  };
}

function gapHit(judging: Judging, given: Params): Hit | null {
  const { swipe, earlier } = judging;
  const { settles } = judging.person;
  if (!swipe.atPharmacy) return null;
  // Whole milliseconds: less than the gap.
  const windowMs = given.gapMinutes * 60_000 - 1;
  for (let newer = 0; earlier.isWithin(newer, windowMs); newer++) {
    const at = earlier.at(newer);
    const isOther = settles.institution(at) !== swipe.institution && settles.chain(at) !== swipe.chain;
    if (settles.atPharmacy(at) && isOther)
      return {
        action: Rank.REVIEW,
        facts: { clause: "gap", gapMinutes: given.gapMinutes },
        evidence: [settles.eventId(at)],
      };
  }
  return null;
}

/** Are there so many settles in the window, the judged one included? Fewer cannot be at so many institutions. */
function hasSettles({ earlier }: Judging, countMin: number, windowMs: number): boolean {
  return earlier.isWithin(countMin - 2, windowMs);
}

/** Different institutions of the window, the judged one included; of each other one it chooses the newest settle. */
function countInstitutions(judging: Judging, windowMs: number, onlyPharmacies: boolean): number {
  const { swipe, earlier, chosen, institutions } = judging;
  const { settles } = judging.person;
  chosen.begin();
  institutions.begin();
  institutions.add(swipe.institution);
  for (let newer = 0; earlier.isWithin(newer, windowMs); newer++) {
    const at = earlier.at(newer);
    if (onlyPharmacies && !settles.atPharmacy(at)) continue;
    if (institutions.add(settles.institution(at))) chosen.add(at);
  }
  return institutions.count;
}
