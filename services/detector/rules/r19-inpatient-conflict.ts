/** R19: a person who lies in one hospital buys at another institution. */

import * as z from "zod";
import { Section } from "../person/layout.js";
import { defineRule, PURCHASE_KINDS, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

export const rule = defineRule({
  id: "R19",
  name: "INPATIENT_CONFLICT",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["person-facts"],
  params: z.strictObject({}),
  finds: [Rank.REVIEW, Rank.CHALLENGE],
  about: {
    sees: "A purchase at another institution while the person is in hospital, without the hospital's prescription for it.",
    basis: "Audit families of impersonation and pretended stays; Regulation (国务院令735) art. 41.",
  },
  explain: {
    "zh-CN": (facts) =>
      `住院期间（自${factMinute(facts, "stayFrom")}起）在其他机构刷卡${facts.isOtherCity === true ? "，且不在住院城市" : ""}。住院用药请由医院开具，外购请带外配处方；不是您本人消费，请拨12393挂失。`,
    en: (facts) =>
      `Used at another institution${facts.isOtherCity === true ? " in another city" : ""} during a hospital stay (since ${factMinute(facts, "stayFrom")}). Bring the hospital's prescription for drugs bought outside; if it was not you, call 12393.`,
  },
  evaluate(judging) {
    const { swipe, person, bundle, t } = judging;
    if (swipe.externalPrescription || person.record.size(Section.FACTS) === 0) return null;
    const stay = person.facts.stay();
    if (stay === null || t < stay.fromMs || t >= stay.toMs) return null;
    if (stay.institution === null || stay.institution === swipe.institution) return null;
    const stayCity = bundle.regions.cityOf(stay.region);
    const isOtherCity = stayCity !== 0 && swipe.careCity !== 0 && stayCity !== swipe.careCity;
    return {
      action: isOtherCity ? Rank.CHALLENGE : Rank.REVIEW,
      facts: {
        stayFrom: instantFact(stay.fromMs),
        stayTo: instantFact(stay.toMs),
        stayCity: stayCity === 0 ? null : bundle.regions.nameOf(stayCity),
        careCity: swipe.careCity === 0 ? null : bundle.regions.nameOf(swipe.careCity),
        isOtherCity,
      },
      evidence: [],
    };
  },
});
