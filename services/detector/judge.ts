/**
 * The judgement of one swipe: reads the person, writes nothing. `decide.ts` calls it, `keep.ts` writes what follows.
 */

import { lossIntervalsOf } from "./card/person-loss.js";
import type { Feeds } from "./feeds.js";
import {
  CHALLENGE_FAILED,
  challengedBits,
  type Finding,
  floorFinding,
  liveBits,
  ruleFinding,
  settleActions,
} from "./findings.js";
import type { Judging } from "./judging.js";
import { addFinding, type Findings, NO_FINDINGS } from "./person/kept-findings.js";
import { KeptFlag, NONE } from "./person/kept-swipes.js";
import { SETTLES_MAX, Section } from "./person/layout.js";
import { type ActionRank, type Hit, Rank } from "./rules/rule.js";
import type { CompiledRule } from "./ruleset.js";
import { Challenge, CredentialId, idHashOf, idTagOf, Kind, Pin, type Swipe } from "./swipe.js";

export interface Judgement {
  readonly result: "judged";
  readonly action: ActionRank;
  /** In the order of reasons: rules by number, floors last. */
  readonly findings: readonly Finding[];
  readonly responseCode: string;
  readonly isDisputed: boolean;
  readonly isDegraded: boolean;
  /** Rules (bits) whose challenge this swipe itself passed; 0 for none. */
  readonly passedNow: number;
  /** What is kept: found actions, answered challenges, open challenges. */
  readonly kept: Findings;
  /** KeptFlags of floors and of the degraded state. */
  readonly flags: number;
}

const PASS_WINDOW_MS = 30 * 60_000;
const CLEARED_WINDOW_MS = 90 * 86_400_000;
const BACKDATED_AGE_MS = 60 * 60_000;
const NO_FINDING: readonly Finding[] = [];

export function judge(judging: Judging, feeds: Feeds): Judgement {
  const { swipe, bundle, person } = judging;
  const hasCardEvents = !person.record.isEmpty(Section.EVENTS);
  const findings = askRules(judging, bundle.rulesToAsk(swipe.kind, judging.isLinked, hasCardEvents));
  const isDegraded = feeds.isStale(swipe.insuredRegion, swipe.appendedAtMs);
  const floors = floorsOf(judging, isDegraded, hasCardEvents);
  const answer = swipe.challenge === Challenge.NONE ? 0 : challengeAnswered(judging);
  const passedNow = swipe.challenge === Challenge.PASSED ? answer : 0;
  const failed = swipe.challenge === Challenge.FAILED ? answer & ~1 : 0;
  const passed = passedNow | openPasses(judging);
  if (findings === NO_FINDING && floors === NO_FINDING && (passed | failed) === 0)
    return nothingFound(judging, isDegraded);

  const all = withFailed(judging, floors === NO_FINDING ? findings : [...findings, ...floors], failed);
  const action = settleActions(all, {
    passed,
    failed,
    cleared: clearedRules(judging),
    isEmergency: swipe.emergency,
    unconditional: bundle.unconditionalRules,
  });
  return {
    result: "judged",
    action,
    findings: all,
    responseCode: responseCodeOf(judging, all, action),
    isDisputed: all.some((finding) => finding.isLive && finding.rule?.rule.id === "R02"),
    isDegraded,
    passedNow,
    kept: keptFindings(all, passed, failed),
    flags: floorFlags(all, isDegraded),
  };
}

function nothingFound(judging: Judging, isDegraded: boolean): Judgement {
  return {
    result: "judged",
    action: Rank.APPROVE,
    findings: NO_FINDING,
    responseCode: responseCodeOf(judging, NO_FINDING, Rank.APPROVE),
    isDisputed: false,
    isDegraded,
    passedNow: 0,
    kept: NO_FINDINGS,
    flags: isDegraded ? KeptFlag.DEGRADED : 0,
  };
}

function askRules(judging: Judging, rules: readonly CompiledRule[]): readonly Finding[] {
  let findings = NO_FINDING;
  for (const compiled of rules) {
    const hit = ask(judging, compiled);
    if (hit === null) continue;
    const finding = ruleFinding(compiled, hit);
    findings = findings === NO_FINDING ? [finding] : [...findings, finding];
  }
  return findings;
}

export function ask(judging: Judging, { rule, settings }: CompiledRule): Hit | null {
  const { params, actions } = settings[judging.scopeOf(rule)]!;
  const hit = rule.evaluate(judging, params);
  return hit === null || actions === null ? hit : { ...hit, action: actions[hit.action]! };
}

// floors -----------------------------------------------------------------------------------------------

function floorsOf(judging: Judging, isDegraded: boolean, hasCardEvents: boolean): readonly Finding[] {
  const backdated = isBackdated(judging);
  const identity = hasCardEvents && isIdentityReportedLost(judging);
  const stale = isDegraded && needsChallengeWhenDegraded(judging.swipe);
  const lateDuplicate = isLateDuplicateRisk(judging);
  if (!backdated && !identity && !stale && !lateDuplicate) return NO_FINDING;
  const floors: Finding[] = [];
  if (backdated) floors.push(backdatedFloor(judging));
  if (identity) floors.push(identityFloor());
  if (stale) floors.push(staleFloor());
  if (lateDuplicate) floors.push(lateDuplicateFloor());
  return floors;
}

function backdatedFloor(judging: Judging): Finding {
  const lateMinutes = Math.floor((judging.swipe.appendedAtMs - judging.swipe.occurredAtMs) / 60_000);
  return floorFinding("BACKDATED", Rank.REVIEW, { lateMinutes, lateMinutesMax: BACKDATED_AGE_MS / 60_000 });
}
/** Floors that a kept swipe judged again gets from its flags. */
export function identityFloor(): Finding {
  return floorFinding("ID_REPORTED_LOST", Rank.REVIEW, {});
}
export function staleFloor(): Finding {
  return floorFinding("FEED_STALE", Rank.CHALLENGE, {});
}
export function lateDuplicateFloor(): Finding {
  return floorFinding("LATE_DUPLICATE_RISK", Rank.APPROVE, { keptMax: SETTLES_MAX });
}

function isBackdated(judging: Judging): boolean {
  const { swipe, person } = judging;
  if (swipe.kind === Kind.QUERY || swipe.appendedAtMs - swipe.occurredAtMs <= BACKDATED_AGE_MS) return false;
  return person.lossAppends.anyBetween(swipe.occurredAtMs, swipe.appendedAtMs);
}

/** Any identity document of the person reported lost and not released. */
export function isIdentityReportedLost(judging: Judging): boolean {
  if (judging.swipe.credential !== CredentialId.IDENTITY) return false;
  return lossIntervalsOf(judging.person, judging.events(), CredentialId.IDENTITY).some(
    (interval) =>
      judging.t >= Math.min(interval.reportedAtMs, interval.effectiveAtMs) && judging.t < interval.endedAtMs,
  );
}

/** A physical card at a pharmacy; hospitals and emergencies stay as judged (rules.md 0.15). */
function needsChallengeWhenDegraded(swipe: Swipe): boolean {
  const isPhysical = swipe.credential === CredentialId.CARD || swipe.credential === CredentialId.TEMPORARY;
  return isPhysical && swipe.atPharmacy && !swipe.emergency;
}

/** All 64 places are taken by later settles: a repeat of this one might not be recognised. */
function isLateDuplicateRisk(judging: Judging): boolean {
  const { settles } = judging.person;
  if (judging.swipe.kind !== Kind.SETTLE || settles.count() < SETTLES_MAX) return false;
  return judging.t < settles.t(settles.oldest());
}

// challenges and feedback ------------------------------------------------------------------------------

/** The rules (bits) that were challenged by the swipe named in `challengeOf`; 0 where there was none. */
function challengeAnswered(judging: Judging): number {
  const { swipe } = judging;
  const { challengeOf } = swipe;
  if (challengeOf === null || swipe.kind === Kind.CANCEL || swipe.kind === Kind.REVERSE) return 0;
  const challenged = challengedBy(judging, challengeOf);
  const passesFeedToo = swipe.challenge === Challenge.PASSED && challenged !== 0;
  return passesFeedToo ? challenged | 1 : challenged;
}

function challengedBy(judging: Judging, eventId: string): number {
  const { person } = judging;
  const idTag = idTagOf(eventId);
  const settle = person.settles.find(eventId, idTag);
  if (settle !== NONE) return person.settles.findings(settle).challenged;
  const authorize = person.authorizes.find(eventId, idTag);
  if (authorize !== NONE) return person.authorizes.findings(authorize).challenged;
  const other = person.others.find(idHashOf(eventId));
  return other < 0 ? 0 : person.others.challenged(other);
}

/** Rules (bits) whose challenge was passed on the swipe's card up to half an hour before it. */
export function openPasses(judging: Judging): number {
  const { passes, record } = judging.person;
  return record.isEmpty(Section.PASSES) ? 0 : passes.rulesAt(judging.card(), judging.t, PASS_WINDOW_MS);
}

export function clearedRules(judging: Judging): number {
  const { feedback, record } = judging.person;
  return record.isEmpty(Section.FEEDBACK) ? 0 : feedback.clearedAt(judging.t, CLEARED_WINDOW_MS);
}

/** Adds the rules of a failed challenge that did not hit by themselves. */
export function withFailed(
  judging: Judging,
  findings: readonly Finding[],
  failed: number,
): readonly Finding[] {
  if (failed === 0) return findings;
  const present = liveBits(findings);
  const added: Finding[] = [];
  for (let number = 1; number < 32; number++) {
    const rule = judging.bundle.ruleOf(number);
    if ((failed & ~present & (1 << number)) === 0 || rule === undefined) continue;
    added.push({ ...ruleFinding(rule, failedHit(judging)), isLive: true });
  }
  return [...findings, ...added].sort(byReasonOrder);
}

function failedHit(judging: Judging): Hit {
  const { challengeOf } = judging.swipe;
  return {
    action: Rank.REJECT,
    code: CHALLENGE_FAILED,
    facts: { challengeOf },
    evidence: challengeOf === null ? [] : [challengeOf],
  };
}

function byReasonOrder(a: Finding, b: Finding): number {
  return (a.number === 0 ? 99 : a.number) - (b.number === 0 ? 99 : b.number);
}

// what is answered and kept ----------------------------------------------------------------------------

/** The strongest reason's code; a wrong PIN without any is told to the terminal all the same (R08). */
function responseCodeOf(judging: Judging, findings: readonly Finding[], action: ActionRank): string {
  if (action < Rank.CHALLENGE && isPinCounted(judging) && judging.swipe.pin === Pin.WRONG)
    return judging.bundle.wrongPinCode();
  if (findings.length === 0) return judging.bundle.responseCodeOf(action, null);
  const strongest = findings.find((finding) => finding.isLive && finding.action === action);
  return judging.bundle.responseCodeOf(action, strongest?.hit.code ?? null);
}

/** PINs of other kinds are not counted, that of a linked settle was counted with its authorize. */
function isPinCounted({ swipe, isLinked }: Judging): boolean {
  const isPinKind =
    swipe.kind === Kind.AUTHORIZE || swipe.kind === Kind.SETTLE || swipe.kind === Kind.PIN_CHECK;
  return isPinKind && !isLinked;
}

export function keptFindings(findings: readonly Finding[], passed: number, failed: number): Findings {
  const challenged = challengedBits(findings);
  const kept: Findings = { hits: 0, actionsLow: 0, actionsHigh: 0, passed, failed, challenged };
  for (const finding of findings)
    if (finding.isLive && finding.hit.code !== CHALLENGE_FAILED)
      addFinding(kept, finding.number, finding.found);
  return kept;
}

function floorFlags(findings: readonly Finding[], isDegraded: boolean): number {
  let flags = isDegraded ? KeptFlag.DEGRADED : 0;
  for (const { floor } of findings) {
    if (floor === "BACKDATED") flags |= KeptFlag.BACKDATED;
    if (floor === "FEED_STALE") flags |= KeptFlag.FEED_STALE;
    if (floor === "LATE_DUPLICATE_RISK") flags |= KeptFlag.LATE_DUPLICATE_RISK;
  }
  return flags;
}
