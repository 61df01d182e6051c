/** R03: a provisional loss report expired and was never cleared up; the card may be in a finder's hands. */

import * as z from "zod";
import { isLapsedAt, LAPSE_WATCH_MS } from "../card/loss-life.js";
import { CredentialId, Home } from "../swipe.js";
import { lossLifeOf } from "./loss.js";
import { CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

const DAY_MS = 86_400_000;

export const rule = defineRule({
  id: "R03",
  name: "LAPSED_LOSS",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.CHALLENGE, Rank.REJECT],
  about: {
    sees: "A credential whose provisional report ran out and was neither released nor turned into a formal one: nobody has said that it was found.",
    basis:
      "Provisional reports last 24 hours to 15 days by region and end by themselves; the case of a finder who spent half a year later (source article S3).",
  },
  explain: {
    "zh-CN": (facts) =>
      `该凭证的临时挂失已于${factMinute(facts, "expiredAt")}到期，既未解挂也未补卡，${facts.careIsHome === "away" ? "且在非常住城市使用。请到经办机构解挂或补卡，现在可先自费后报销" : "需核验本人身份。请出示身份证，并尽快到经办机构解挂或补卡"}。`,
    en: (facts) =>
      `The provisional loss report expired at ${factMinute(facts, "expiredAt")} and was neither released nor confirmed (place of care: ${facts.careIsHome}).`,
  },
  evaluate(judging) {
    const { credential } = judging.swipe;
    if (credential !== CredentialId.CARD && credential !== CredentialId.E_CREDENTIAL) return null;
    const interval = lossLifeOf(judging).intervals.findLast((each) =>
      isLapsedAt(each, judging.t, judging.passedLapse),
    );
    if (interval === undefined) return null;
    const home = judging.home();
    return {
      action: home === Home.AWAY ? Rank.REJECT : Rank.CHALLENGE,
      facts: {
        reportedAt: instantFact(interval.reportedAtMs),
        expiredAt: instantFact(interval.expiresAtMaxMs),
        watchedDays: LAPSE_WATCH_MS / DAY_MS,
        careIsHome: home === Home.HOME ? "home" : home === Home.AWAY ? "away" : "unknown",
      },
      evidence: [],
    };
  },
});
