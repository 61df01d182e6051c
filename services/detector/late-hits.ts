/**
 * Late hits (rules.md 2): after an applied status record, R01–R07 and ID_REPORTED_LOST are judged anew for
 * counted settles and approved authorizes from its time on; other hits and home cities stay as first found.
 */

import { type Finding, floorFinding, liveBits, ruleFinding, settleActions } from "./findings.js";
import {
  ask,
  clearedRules,
  identityFloor,
  isIdentityReportedLost,
  keptFindings,
  lateDuplicateFloor,
  openPasses,
  staleFloor,
  withFailed,
} from "./judge.js";
import { homeOfFlags, type Judging } from "./judging.js";
import { CARD_FORGOTTEN, NUMBERLESS, UNSEEN } from "./person/cards.js";
import { type Findings, findingAction } from "./person/kept-findings.js";
import { KeptFlag, type KeptSwipes, NONE } from "./person/kept-swipes.js";
import { decidedUnder } from "./repeats.js";
import { type ActionRank, type Hit, Rank } from "./rules/rule.js";
import { Challenge, Kind, Pin, type Swipe } from "./swipe.js";

export interface Revision {
  readonly eventId: string;
  /** The person's key when it was decided; a former one's where the swipe came with a merge. */
  readonly decidedUnder: string;
  readonly cardTail: string | null;
  /** 1 for the first revision of the swipe. */
  readonly ordinal: number;
  readonly action: ActionRank;
  readonly findings: readonly Finding[];
  readonly isDisputed: boolean;
}

/** R01–R07 as bits. */
const CARD_STATE_RULES = 0b1111_1110;
const R03_BIT = 1 << 3;

/** From when on a kept swipe is judged anew. */
export type RejudgeFrom = (kept: KeptSwipes, at: number) => number;

/** Judges again with `judging` (a scratch of its own swipe), writes changed entries, in order of time. */
export function reviseKept(judging: Judging, from: number | RejudgeFrom): Revision[] {
  const fromMs: RejudgeFrom = typeof from === "number" ? () => from : from;
  const { settles, authorizes } = judging.person;
  const revisions: { t: number; order: number; revision: Revision }[] = [];
  const collect = (kept: KeptSwipes, kind: number, isDue: (at: number) => boolean) => {
    for (let at = kept.oldest(); at !== NONE; at = kept.after(at)) {
      if (kept.t(at) < fromMs(kept, at) || !isDue(at)) continue;
      const revision = reviseOne(judging, kept, at, kind);
      if (revision !== null) revisions.push({ t: kept.t(at), order: revisions.length, revision });
    }
  };
  // Of the same moment, an authorize comes before its settle.
  collect(authorizes, Kind.AUTHORIZE, (at) => authorizes.action(at) === Rank.APPROVE);
  collect(settles, Kind.SETTLE, (at) => settles.isCounted(at));
  revisions.sort((a, b) => a.t - b.t || a.order - b.order);
  return revisions.map(({ revision }) => revision);
}

function reviseOne(judging: Judging, kept: KeptSwipes, at: number, kind: number): Revision | null {
  readKept(judging, kept, at, kind);
  const stored = kept.findings(at);
  judging.passedLapse = (stored.hits & stored.passed & R03_BIT) !== 0;
  const flags = kept.flags(at);
  const found = [...cardStateFindings(judging), ...storedFindings(judging, stored)];
  const findings = withFailed(judging, [...found, ...floorsAgain(judging, flags)], stored.failed);
  // A pass may have arrived since, late as it was; and one that was counted may be forgotten.
  const passed = stored.passed | (isCardKnown(kept, at) ? openPasses(judging) : 0);
  const action = settleActions(findings, {
    passed,
    failed: stored.failed,
    cleared: clearedRules(judging),
    isEmergency: judging.swipe.emergency,
    unconditional: judging.bundle.unconditionalRules,
  });
  const isSame =
    action === kept.action(at) && ruleBits(liveBits(findings)) === ruleBits(stored.hits | stored.failed);
  if (isSame) return null;
  kept.revise(at, keptFindings(findings, passed, stored.failed), action);
  return {
    eventId: judging.swipe.eventId,
    decidedUnder: decidedUnder(judging.person, kept.former(at)),
    cardTail: judging.swipe.hasCard ? judging.swipe.cardTail : null,
    ordinal: kept.revisions(at),
    action,
    findings,
    isDisputed: findings.some((finding) => finding.rule?.rule.id === "R02"),
  };
}

/** Passes are by card: a number without a place in the table has none. */
function isCardKnown(kept: KeptSwipes, at: number): boolean {
  const card = kept.card(at);
  return card !== UNSEEN && card !== CARD_FORGOTTEN;
}

/** Floors (bit 0) are no rules: alone they make no revision. */
function ruleBits(bits: number): number {
  return bits & ~1;
}

function cardStateFindings(judging: Judging): Finding[] {
  const findings: Finding[] = [];
  for (const compiled of judging.bundle.rulesToAsk(judging.swipe.kind, true, true)) {
    if (compiled.mode !== "live" || (CARD_STATE_RULES & (1 << compiled.number)) === 0) continue;
    const hit = ask(judging, compiled);
    if (hit !== null) findings.push(ruleFinding(compiled, hit));
  }
  return findings;
}

/** What other rules found stands, without the facts, which are in the decision. */
function storedFindings(judging: Judging, stored: Findings): Finding[] {
  const findings: Finding[] = [];
  for (let number = 1; number < 32; number++) {
    if ((stored.hits & ~CARD_STATE_RULES & (1 << number)) === 0) continue;
    const compiled = judging.bundle.ruleOf(number);
    if (compiled === undefined) continue;
    const hit: Hit = {
      action: findingAction(stored, number) as ActionRank,
      code: "AS_DECIDED",
      facts: { asDecided: true },
      evidence: [],
    };
    findings.push({ ...ruleFinding(compiled, hit), isLive: true });
  }
  return findings;
}

/** How late it came is in the decision. */
const AS_DECIDED = { asDecided: true };

function floorsAgain(judging: Judging, flags: number): Finding[] {
  const floors: Finding[] = [];
  if ((flags & KeptFlag.BACKDATED) !== 0) floors.push(floorFinding("BACKDATED", Rank.REVIEW, AS_DECIDED));
  if (isIdentityReportedLost(judging)) floors.push(identityFloor());
  if ((flags & KeptFlag.FEED_STALE) !== 0) floors.push(staleFloor());
  if ((flags & KeptFlag.LATE_DUPLICATE_RISK) !== 0) floors.push(lateDuplicateFloor());
  return floors;
}

/** Fills the scratch swipe with what R01–R07 read of a kept one. */
function readKept(judging: Judging, kept: KeptSwipes, at: number, kind: number): void {
  const { swipe, person, bundle } = judging;
  const flags = kept.flags(at);
  const card = kept.card(at);
  const isNumbered = card < person.cards.count();
  judging.begin();
  swipe.eventId = kept.eventId(at);
  swipe.kind = kind;
  swipe.credential = kept.credential(at);
  swipe.hasCard = isNumbered;
  swipe.cardKey0 = isNumbered ? person.cards.key0(card) : 0;
  swipe.cardKey1 = isNumbered ? person.cards.key1(card) : 0;
  swipe.cardTail = isNumbered ? person.cards.tail(card) : "";
  setTime(swipe, kept.t(at));
  swipe.careRegion = kept.region(at);
  swipe.careCity = bundle.regions.cityOf(swipe.careRegion);
  swipe.institution = kept.institution(at);
  swipe.atPharmacy = kept.atPharmacy(at);
  swipe.totalFen = kept.totalFen(at);
  swipe.accountFen = kept.accountFen(at);
  swipe.emergency = (flags & KeptFlag.EMERGENCY) !== 0;
  swipe.inPatientVisit = (flags & KeptFlag.IN_PATIENT_VISIT) !== 0;
  swipe.pin = Pin.NONE;
  swipe.challenge = Challenge.NONE;
  swipe.challengeOf = null;
  judging.setCard(isNumbered ? card : NUMBERLESS | swipe.credential);
  judging.setHome(homeOfFlags(flags));
}

function setTime(swipe: Swipe, t: number): void {
  swipe.t = t;
  swipe.occurredAtMs = t;
  swipe.appendedAtMs = t;
}
