/**
 * A draft in shadow (docs/decisions/0010): asked beside the bundle in force, on the same windows, right after it.
 *
 * Owns: which of the draft's rules are asked, what they found of the swipe asked about last.
 * Does not own: anything that is kept; a draft leaves reasons in the decision and nothing else.
 *
 * 1. Only rules that judge otherwise than those in force are asked: what an equal rule finds is there already.
 * 2. Regions, loss policies and calendar are those in force. What a draft changes of them is not seen here.
 * 3. "If … also" clauses see what would be live under the draft; challenges and feedback are those of the history.
 */

import { isDeepStrictEqual } from "node:util";
import { AskedRules } from "./asked-rules.js";
import type { DetectorBundle } from "./bundle.js";
import { type Finding, joiningBits, liveBits, ruleFinding, settleEach } from "./findings.js";
import { ask, clearedRules, type Judgement } from "./judge.js";
import type { Judging } from "./judging.js";
import { Section } from "./person/layout.js";
import { packRegion } from "./place/region.js";
import type { CompiledRule } from "./ruleset.js";

/** What a draft found of a swipe. */
export interface ShadowFound {
  readonly hash: string;
  readonly found: readonly Finding[];
}

export class ShadowDraft implements ShadowFound {
  readonly hash: string;
  /** Of the draft, in order: those that judge otherwise. */
  readonly rules: readonly CompiledRule[];
  /** What they found of the swipe asked about last. */
  found: readonly Finding[] = NO_FINDINGS;
  private readonly asked: AskedRules;
  /** Rules (bits) in force whose hits the draft would not have, or not so. */
  private readonly replaced: number;

  constructor(
    private readonly draft: DetectorBundle,
    inForce: DetectorBundle,
  ) {
    this.hash = draft.hash;
    this.rules = draft.rules.filter((rule) => !isSameRule(rule, draft, inForce));
    this.asked = new AskedRules(this.rules);
    this.replaced = inForce.rules
      .filter(
        ({ number }) =>
          draft.ruleOf(number) === undefined || this.rules.some((each) => each.number === number),
      )
      .reduce((bits, { number }) => bits | (1 << number), 0);
  }

  /** Asks about the judged swipe; before anything of it is kept. */
  ask(judging: Judging, judgement: Judgement): void {
    this.found = NO_FINDINGS;
    const { swipe, person } = judging;
    const rules = this.asked.of(swipe.kind, judging.isLinked, person.record.size(Section.EVENTS) !== 0);
    if (rules.length === 0) return;
    judging.askedBy(this.draft);
    const found = this.findingsOf(judging, rules);
    judging.askedBy(null);
    if (found.length > 0) this.found = this.settled(judging, judgement, found);
  }

  private findingsOf(judging: Judging, rules: readonly CompiledRule[]): readonly Finding[] {
    let found: Finding[] | null = null;
    for (const rule of rules) {
      const hit = ask(judging, rule);
      if (hit === null) continue;
      found ??= [];
      found.push(ruleFinding(rule, hit));
    }
    return found ?? NO_FINDINGS;
  }

  private settled(
    judging: Judging,
    { findings, kept }: Judgement,
    found: readonly Finding[],
  ): readonly Finding[] {
    const softening = {
      passed: kept.passed,
      failed: kept.failed,
      cleared: clearedRules(judging),
      isEmergency: judging.swipe.emergency,
      unconditional: judging.bundle.unconditionalRules,
    };
    settleEach(found, softening, (joiningBits(findings) & ~this.replaced) | liveBits(found));
    return found.map((finding) => ({ ...finding, isLive: false }));
  }
}

const NO_FINDINGS: readonly Finding[] = [];

/** Is there a rule in force that judges exactly as this one of the draft, everywhere? */
function isSameRule(rule: CompiledRule, draft: DetectorBundle, inForce: DetectorBundle): boolean {
  const other = inForce.ruleOf(rule.number);
  if (other === undefined) return false;
  const isSameHead =
    rule.rule === other.rule &&
    rule.version === other.version &&
    rule.mode === other.mode &&
    rule.severity === other.severity;
  const isSameReuse =
    rule.rule.findsReuseAction !== true || draft.traceCodeReuseAction === inForce.traceCodeReuseAction;
  return isSameHead && isSameReuse && hasSameSettings(rule, other, draft, inForce);
}

/** Whatever either of the two sets apart is compared: a region that neither names goes by one above it. */
function hasSameSettings(
  rule: CompiledRule,
  other: CompiledRule,
  draft: DetectorBundle,
  inForce: DetectorBundle,
): boolean {
  if (!isDeepStrictEqual(rule.settings[0], other.settings[0])) return false;
  const levels = [...draft.scopes.levels, ...inForce.scopes.levels];
  return levels.every((level) => {
    const region = packRegion(level);
    return isDeepStrictEqual(
      rule.settings[draft.scopes.scopeOf(region)],
      other.settings[inForce.scopes.scopeOf(region)],
    );
  });
}
