/**
 * From hits to an action (rules.md 0.11–0.13): "if … also" clauses, then a passed or failed challenge, then what
 * honest feedback and an emergency cap, then the strongest action wins.
 */

import { type ActionRank, type Hit, Rank } from "./rules/rule.js";
import type { CompiledRule } from "./ruleset.js";

const FLOOR = 0;
export type FloorCode = "BACKDATED" | "ID_REPORTED_LOST" | "FEED_STALE" | "LATE_DUPLICATE_RISK";

/** One reason in the making: a rule's hit, or a floor (rule number 0). */
export interface Finding {
  readonly number: number;
  /** null for floors. */
  readonly rule: CompiledRule | null;
  readonly floor: FloorCode | null;
  readonly isLive: boolean;
  readonly hit: Hit;
  /** As found by the rule. */
  readonly found: ActionRank;
  /** After everything that softens or strengthens it. */
  action: ActionRank;
  /** Its challenge was failed by this swipe: checking once more in the same place does not help. */
  isFailed: boolean;
}

export interface Softening {
  /** Rules (bits) whose challenge was passed on this card; bit 0 is FEED_STALE. */
  readonly passed: number;
  /** Rules (bits) that count as rejected since their challenge was failed. */
  readonly failed: number;
  /** Rules (bits) cleared by honest feedback. */
  readonly cleared: number;
  readonly isEmergency: boolean;
  /** Rules (bits) that neither feedback nor an emergency caps. */
  readonly unconditional: number;
}

export function ruleFinding(rule: CompiledRule, hit: Hit): Finding {
  return {
    number: rule.number,
    rule,
    floor: null,
    isLive: rule.mode === "live",
    hit,
    found: hit.action,
    action: hit.action,
    isFailed: false,
  };
}

export function floorFinding(floor: FloorCode, action: ActionRank, facts: Hit["facts"]): Finding {
  const hit: Hit = { action, code: floor, facts, evidence: [] };
  return { number: FLOOR, rule: null, floor, isLive: true, hit, found: action, action, isFailed: false };
}

/** Sets every finding's final action and returns the strongest live one. */
export function settleActions(findings: readonly Finding[], softening: Softening): ActionRank {
  settleEach(findings, softening, joiningBits(findings));
  return strongest(findings);
}

/** @param joining rules (bits) that "if … also" clauses see. */
export function settleEach(findings: readonly Finding[], softening: Softening, joining: number): void {
  for (const finding of findings) {
    finding.action = strengthened(finding, joining);
    finding.action = answered(finding, softening);
    finding.action = capped(finding, softening);
    finding.isFailed = finding.floor === null && (softening.failed & (1 << finding.number)) !== 0;
  }
}

/** The reason of a rule that did not hit by itself, but whose challenge was failed. */
export const CHALLENGE_FAILED = "CHALLENGE_FAILED";

/**
 * Rules (bits) that hit by themselves. Those added by a failed challenge come after the "if … also" clauses
 * (rules.md 0.11), which therefore do not see them.
 */
export function joiningBits(findings: readonly Finding[]): number {
  let bits = 0;
  for (const finding of findings)
    if (finding.isLive && finding.hit.code !== CHALLENGE_FAILED) bits |= 1 << finding.number;
  return bits;
}

/** Rules with a live hit, as bits. */
export function liveBits(findings: readonly Finding[]): number {
  let bits = 0;
  for (const finding of findings) if (finding.isLive) bits |= 1 << finding.number;
  return bits;
}

/** Rules whose live finding ends as a challenge, as bits. */
export function challengedBits(findings: readonly Finding[]): number {
  let bits = 0;
  for (const finding of findings)
    if (finding.isLive && finding.action === Rank.CHALLENGE) bits |= 1 << finding.number;
  return bits;
}

function strongest(findings: readonly Finding[]): ActionRank {
  let action: ActionRank = Rank.APPROVE;
  for (const finding of findings) if (finding.isLive && finding.action > action) action = finding.action;
  return action;
}

function strengthened(finding: Finding, joining: number): ActionRank {
  const also = finding.rule?.rule.also;
  if (also === undefined) return finding.found;
  const isJoined = also.rules.some((id) => (joining & (1 << Number(id.slice(1)))) !== 0);
  return isJoined && also.action > finding.found ? also.action : finding.found;
}

/** A passed challenge turns challenge into review; a failed one turns its rules into reject. */
function answered(finding: Finding, { passed, failed }: Softening): ActionRank {
  if (finding.floor !== null && finding.floor !== "FEED_STALE") return finding.action;
  const bit = 1 << finding.number;
  if ((failed & bit) !== 0) return Rank.REJECT;
  return (passed & bit) !== 0 && finding.action === Rank.CHALLENGE ? Rank.REVIEW : finding.action;
}

function capped(finding: Finding, softening: Softening): ActionRank {
  const bit = 1 << finding.number;
  const isCapped =
    (softening.unconditional & bit) === 0 && (softening.isEmergency || (softening.cleared & bit) !== 0);
  return isCapped && finding.action > Rank.REVIEW ? Rank.REVIEW : finding.action;
}
