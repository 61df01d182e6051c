/** WRONG_PINS: three wrong PINs within ten minutes, the swipe's own included. */

import * as z from "zod";
import type { Judging } from "../../../services/detector/judging.js";
import { Section } from "../../../services/detector/person/layout.js";
import { defineRule, Rank } from "../../../services/detector/rules/rule.js";
import { Pin } from "../../../services/detector/swipe.js";

/** So many results a card are kept: a larger number of wrong ones could not be counted. */
const COUNTED_MAX = 8;

const params = z.strictObject({
  wrongMin: z.number().int().min(1).max(COUNTED_MAX),
  windowMinutes: z.number().int().min(1).max(1440),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "S03",
  name: "WRONG_PINS",
  judges: ["settle"],
  judgesLinked: false,
  isUnconditional: false,
  reads: ["pins"],
  params,
  finds: [Rank.REJECT],
  about: { sees: "Wrong PINs within a short time.", basis: "The comparison swipe-5." },
  explain: {
    "zh-CN": (facts) => `${facts.windowMinutes}分钟内输错密码${facts.wrongCount}次。`,
    en: (facts) => `${facts.wrongCount} wrong PINs within ${facts.windowMinutes} minutes.`,
  },
  evaluate(judging, given) {
    const wrongCount = wrongPins(judging, given.windowMinutes * 60_000);
    if (wrongCount < given.wrongMin) return null;
    return {
      action: Rank.REJECT,
      facts: { wrongCount, wrongMin: given.wrongMin, windowMinutes: given.windowMinutes },
      evidence: [],
    };
  },
});

function wrongPins(judging: Judging, windowMs: number): number {
  const { pins, record } = judging.person;
  let count = judging.swipe.pin === Pin.WRONG ? 1 : 0;
  if (record.isEmpty(Section.PINS)) return count;
  for (let index = pins.count() - 1; index >= 0; index--) {
    const ageMs = judging.t - pins.t(index);
    if (ageMs > windowMs) break;
    if (ageMs >= 0 && pins.isWrong(index)) count++;
  }
  return count;
}
