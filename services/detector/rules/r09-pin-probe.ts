/** R09: a PIN found by trial, then spending. Basis: the Hangzhou case (birthday PIN guessed, card emptied). */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { NONE } from "../person/kept-swipes.js";
import { Home, Pin } from "../swipe.js";
import { defineRule, PIN_KINDS, Rank } from "./rule.js";
import { factYuan, instantFact } from "./wording.js";

const params = z.strictObject({
  wrongMin: z.number().int().min(1).max(7),
  probeWindowHours: z.number().int().min(1).max(168),
  spendWindowHours: z.number().int().min(1).max(168),
  totalFenMin: z.number().int().min(0),
});
type Params = z.infer<typeof params>;
const HOUR_MS = 3_600_000;

export const rule = defineRule<Params>({
  id: "R09",
  name: "PIN_PROBE",
  judges: PIN_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["pins"],
  params,
  finds: [Rank.REVIEW, Rank.CHALLENGE],
  overriddenBy: "insuredRegion",
  about: {
    sees: "A right PIN after wrong ones on the same card, and a purchase with it or soon after.",
    basis: "The Hangzhou case: the finder tried the PIN, it was the birthday (source article S3).",
  },
  explain: {
    "zh-CN": (facts) =>
      `输错密码${facts.wrongCount}次后试对，随后消费${factYuan(facts, "totalFen")}（达到${factYuan(facts, "totalFenMin")}）${facts.pinIsBirthday === true ? "，密码为生日" : facts.pinIsDefault === true ? "，密码为初始密码" : ""}。请出示身份证核验；不是您本人操作，请拨12393挂失并报警。`,
    en: (facts) =>
      `The PIN was right after ${facts.wrongCount} wrong ones, then ${factYuan(facts, "totalFen")} was spent (threshold ${factYuan(facts, "totalFenMin")}).`,
  },
  evaluate(judging, given) {
    const { swipe, person } = judging;
    if (!swipe.hasCard || swipe.totalFen < given.totalFenMin || person.pins.count() === 0) return null;
    const probe = findProbe(judging, given);
    if (probe === null) return null;
    const usedAt = usedBefore(judging);
    const isUsual = usedAt !== NONE && judging.home() === Home.HOME;
    return {
      action: isUsual ? Rank.REVIEW : Rank.CHALLENGE,
      facts: {
        wrongCount: probe.wrongCount,
        wrongMin: given.wrongMin,
        okAt: instantFact(probe.okAtMs),
        totalFen: swipe.totalFen,
        totalFenMin: given.totalFenMin,
        pinIsDefault: swipe.pinIsDefault,
        pinIsBirthday: swipe.pinIsBirthday,
        usualInstitution: isUsual,
      },
      evidence: isUsual ? [person.settles.eventId(usedAt)] : [],
    };
  },
});

/** An ok at or within the spending window before t, with enough wrong PINs in the window before it. */
function findProbe(judging: Judging, given: Params): { okAtMs: number; wrongCount: number } | null {
  const { swipe, person, t } = judging;
  const { pins } = person;
  const card = judging.card();
  if (swipe.pin === Pin.OK) {
    const wrongCount = wrongBefore(judging, card, pins.count(), t, given);
    if (wrongCount >= given.wrongMin) return { okAtMs: t, wrongCount };
  }
  for (let index = pins.count() - 1; index >= 0; index--) {
    const okAtMs = pins.t(index);
    if (pins.card(index) !== card || pins.isWrong(index) || okAtMs > t) continue;
    if (t - okAtMs > given.spendWindowHours * HOUR_MS) break;
    const wrongCount = wrongBefore(judging, card, index, okAtMs, given);
    if (wrongCount >= given.wrongMin) return { okAtMs, wrongCount };
  }
  return null;
}

function wrongBefore(judging: Judging, card: number, end: number, okAtMs: number, given: Params): number {
  const { pins } = judging.person;
  let count = 0;
  for (let index = 0; index < end; index++) {
    const age = okAtMs - pins.t(index);
    if (
      pins.card(index) === card &&
      pins.isWrong(index) &&
      age >= 0 &&
      age <= given.probeWindowHours * HOUR_MS
    )
      count++;
  }
  return count;
}

/** A counted settle at this institution at or before t. */
function usedBefore(judging: Judging): number {
  const { earlier, person, swipe } = judging;
  for (let newer = 0; earlier.at(newer) !== NONE; newer++) {
    const at = earlier.at(newer);
    if (person.settles.institution(at) === swipe.institution) return at;
  }
  return NONE;
}
