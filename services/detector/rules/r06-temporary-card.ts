/** R06: a temporary card or interim certificate that is lost, over, or used outside its city of issue. */

import * as z from "zod";
import { nextActivationMs, temporaryIssueAt } from "../card/lives.js";
import { isEffectiveAt } from "../card/loss-life.js";
import type { Judging } from "../judging.js";
import { CredentialId } from "../swipe.js";
import { lossLifeOf } from "./loss.js";
import { CARD_STATE_KINDS, defineRule, type HitFacts, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

export const rule = defineRule({
  id: "R06",
  name: "TEMPORARY_CARD",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REJECT],
  about: {
    sees: "A temporary card that was reported lost, has ended or is used in another city than the one that issued it; an interim certificate outside its city.",
    basis:
      "Temporary cards are transitional, valid 60 days and not for use in other regions (Changchun; source article S2).",
  },
  explain: {
    "zh-CN": (facts) =>
      facts.clause === "lost"
        ? `该临时卡已挂失，自${factMinute(facts, "effectiveAt")}起不能使用。请改用医保电子凭证或正式卡，补办请拨12393。`
        : facts.clause === "over"
          ? `该临时凭证的有效期已于${factMinute(facts, "until")}结束。请改用医保电子凭证或正式卡，续期请拨12393。`
          : `该临时凭证只能在发放地（${facts.issuedIn}）使用。在外地请改用医保电子凭证或正式卡。`,
    en: (facts) =>
      facts.clause === "lost"
        ? `The temporary card was reported lost, in effect since ${factMinute(facts, "effectiveAt")}.`
        : facts.clause === "over"
          ? `The temporary credential ended at ${factMinute(facts, "until")}.`
          : `The temporary credential is valid in its city of issue (${facts.issuedIn}) only.`,
  },
  evaluate(judging) {
    const facts = lostFacts(judging) ?? issueFacts(judging);
    return facts === null ? null : { action: Rank.REJECT, code: "15", facts, evidence: [] };
  },
});

function lostFacts(judging: Judging): HitFacts | null {
  if (judging.swipe.credential !== CredentialId.TEMPORARY) return null;
  const interval = lossLifeOf(judging).intervals.findLast((each) => isEffectiveAt(each, judging.t));
  if (interval === undefined) return null;
  return { clause: "lost", effectiveAt: instantFact(interval.effectiveAtMs) };
}

function issueFacts(judging: Judging): HitFacts | null {
  const { swipe, t, bundle } = judging;
  const isTemporary = swipe.credential === CredentialId.TEMPORARY;
  if (!isTemporary && swipe.credential !== CredentialId.INTERIM) return null;
  const issue = temporaryIssueAt(judging.events(), judging.identity(), t);
  if (issue === null) return null;
  const untilMs = isTemporary
    ? issue.expiresAtMaxMs
    : nextActivationMs(judging.events(), issue.acceptedAtMs, CredentialId.CARD);
  if (t >= untilMs) return { clause: "over", until: instantFact(untilMs) };
  const issuedIn = bundle.regions.cityOf(issue.region);
  if (issuedIn === 0 || swipe.careCity === 0 || issuedIn === swipe.careCity) return null;
  return { clause: "region", issuedIn: bundle.regions.nameOf(issuedIn) };
}
