/** Outcomes as they are written (docs/design.md section 5): the judgement in words, without anything of log or clock. */

import { ACTIONS } from "../../schemas/fields.js";
import { formatInstant } from "../../schemas/instant.js";
import type {
  CanonicalCardStatus,
  CanonicalSwipe,
  PersonMoveEvent,
  PersonRecordEvent,
} from "../../schemas/journal.js";
import type {
  Bilingual,
  DecisionOutcome,
  DuplicateOutcome,
  ForwardedOutcome,
  Reason,
  RevisionOutcome,
  TransitionOutcome,
} from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import { CHALLENGE_FAILED, type Finding, type FloorCode } from "./findings.js";
import type { Judgement } from "./judge.js";
import type { Revision } from "./late-hits.js";
import type { Repeat } from "./repeats.js";
import { type HitFacts, Rank } from "./rules/rule.js";
import type { ShadowFound } from "./shadow.js";
import type { Transition } from "./status.js";
import type { Swipe } from "./swipe.js";

/** Changes with any change of golden outputs. */
export const ENGINE_VERSION = "2";

export const PERSON_PREFIX_LENGTH = 12;

/** `<12 hex of the person>-<eventId>-<ordinal>`; 0 is the decision, n its n-th revision. */
function outcomeId(personKey: string, eventId: string, ordinal: number): string {
  return `${personKey.slice(0, PERSON_PREFIX_LENGTH)}-${eventId}-${ordinal}`;
}

export function decisionOutcome(
  record: CanonicalSwipe,
  swipe: Swipe,
  judgement: Judgement,
  bundle: DetectorBundle,
): DecisionOutcome {
  const { type, eventId, kind, occurredAt, personKey, cardTail, contentHash, ...rest } = record;
  return {
    type: "decision",
    decisionId: outcomeId(personKey, eventId, 0),
    eventId,
    personKey,
    cardTail: cardTail ?? null,
    kind,
    action: ACTIONS[judgement.action]!,
    reasons: judgement.findings.map(reasonOf),
    responseCode: judgement.responseCode,
    advice: adviceOf(judgement, bundle),
    disputed: judgement.isDisputed,
    degraded: judgement.isDegraded,
    clockClamped: swipe.clockClamped,
    bundleHash: bundle.hash,
    engineVersion: ENGINE_VERSION,
    occurredAt,
    swipe: rest,
  };
}

/** Adds what a draft in shadow found: its reasons come last and act on nothing. */
export function addShadow(decision: DecisionOutcome, { hash, found }: ShadowFound): DecisionOutcome {
  for (const finding of found) decision.reasons.push(draftReasonOf(finding));
  decision.shadowBundleHash = hash;
  return decision;
}

export function revisionOutcome(
  cause: Pick<CanonicalCardStatus, "eventId" | "personKey">,
  revision: Revision,
  bundle: DetectorBundle,
): RevisionOutcome {
  const { personKey } = cause;
  const { decidedUnder } = revision;
  return {
    type: "revision",
    revisionId: outcomeId(decidedUnder, revision.eventId, revision.ordinal),
    decisionId: outcomeId(decidedUnder, revision.eventId, 0),
    eventId: revision.eventId,
    personKey,
    cardTail: revision.cardTail,
    action: ACTIONS[revision.action]!,
    reasons: revision.findings.map(reasonOf),
    causedBy: cause.eventId,
    disputed: revision.isDisputed,
    bundleHash: bundle.hash,
  };
}

export function transitionOutcome(
  record: CanonicalCardStatus,
  transition: Transition,
  bundle: DetectorBundle,
): TransitionOutcome {
  return {
    type: "transition",
    eventId: record.eventId,
    personKey: record.personKey,
    cardTail: record.cardTail ?? null,
    credential: record.credential,
    action: record.action,
    from: transition.from,
    to: transition.to,
    applied: transition.applied,
    code: transition.code,
    policyId: transition.policyId,
    reportedAt: formatInstant(transition.reportedAtMs),
    effectiveAt: formatInstant(transition.effectiveAtMs),
    expiresAtMin: instantOrNull(transition.expiresAtMinMs),
    expiresAtMax: instantOrNull(transition.expiresAtMaxMs),
    calendarUncertain: transition.calendarUncertain,
    bundleHash: bundle.hash,
  };
}

/** `repeat` is null for status, fact and feedback records: they have no decision. */
export function duplicateOutcome(
  record: { readonly eventId: string },
  repeat: Repeat | null,
): DuplicateOutcome {
  return {
    type: "duplicate",
    eventId: record.eventId,
    decisionId: repeat === null ? null : outcomeId(repeat.decidedUnder, record.eventId, 0),
    action: repeat === null ? null : ACTIONS[repeat.action]!,
    responseCode: repeat === null ? null : repeat.responseCode,
  };
}

/** Of a record that a person got who has moved; what a terminal was told changes nothing and goes nowhere. */
export function forwardedOutcomes(
  { type, eventId, personKey }: Pick<PersonRecordEvent | PersonMoveEvent, "type" | "eventId" | "personKey">,
  toPersonKey: string,
): readonly ForwardedOutcome[] {
  return type === "answer-given" ? [] : [{ type: "forwarded", eventId, personKey, toPersonKey }];
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : formatInstant(ms);
}

export function draftReasonOf(finding: Finding): Reason {
  return { ...reasonOf(finding), draft: true };
}

export function reasonOf(finding: Finding): Reason {
  const { rule, hit } = finding;
  return {
    rule: ruleIdOf(finding),
    version: rule === null ? 1 : rule.version,
    mode: modeOf(finding),
    action: ACTIONS[finding.action]!,
    severity: hit.severity ?? rule?.severity ?? "medium",
    code: hit.code ?? rule!.rule.name,
    facts: hit.facts,
    evidence: [...hit.evidence],
    text: textOf(finding),
  };
}

/** Floors are no rule's. */
export function ruleIdOf({ rule }: Finding): string {
  return rule === null ? "R00" : rule.rule.id;
}

export function modeOf({ isLive }: Finding): "live" | "shadow" {
  return isLive ? "live" : "shadow";
}

function textOf(finding: Finding): Bilingual {
  const { rule, hit, floor } = finding;
  if (hit.code === CHALLENGE_FAILED) return failedText(finding, HIT_BEFORE);
  if (hit.facts.asDecided === true) return AS_DECIDED_TEXT;
  if (floor !== null)
    return { "zh-CN": FLOOR_TEXTS[floor]["zh-CN"](hit.facts), en: FLOOR_TEXTS[floor].en(hit.facts) };
  const { explain } = rule!.rule;
  const text = { "zh-CN": explain["zh-CN"](hit.facts), en: explain.en(hit.facts) };
  return finding.isFailed
    ? failedText(finding, { "zh-CN": whatWasFound(text["zh-CN"], "。"), en: whatWasFound(text.en, ". ") })
    : text;
}

/** The first sentence of an explanation says what was found, the others what to do (rules/rule.ts). */
function whatWasFound(text: string, end: "。" | ". "): string {
  const at = text.indexOf(end);
  return at < 0 ? text : text.slice(0, at + 1);
}

/** After a failed challenge the next step is another one than the rule's, the same as the advice's. */
function failedText({ action }: Finding, found: Bilingual): Bilingual {
  const next = action === Rank.REJECT ? FAILED_TEXT : FAILED_AND_CAPPED_TEXT;
  return { "zh-CN": `${found["zh-CN"]}${next["zh-CN"]}`, en: `${found.en} ${next.en}` };
}

const HIT_BEFORE: Bilingual = {
  "zh-CN": "此前刷卡要求核验身份。",
  en: "An earlier swipe asked for an identity check.",
};

const FAILED_TEXT: Bilingual = {
  "zh-CN": "核验未通过，本次拒绝。请带身份证到窗口重新核验，或先自费后报销；不是您本人，请拨12393挂失。",
  en: "The check was failed, so it rejects. Take your ID to the counter to be checked again, or pay now and claim later; if it was not you, call 12393.",
};

/** An emergency or honest feedback: rules.md 0.10, 0.13. */
const FAILED_AND_CAPPED_TEXT: Bilingual = {
  "zh-CN": "核验未通过，因急诊或已作澄清只作复核。请之后带身份证到窗口重新核验；不是您本人，请拨12393挂失。",
  en: "The check was failed; in an emergency or after honest feedback it is only reviewed. Take your ID to the counter afterwards; if it was not you, call 12393.",
};

const AS_DECIDED_TEXT: Bilingual = {
  "zh-CN": "与原决定相同。请看原决定的说明，有疑问请拨12393。",
  en: "As in the decision, which has the details.",
};

const FLOOR_TEXTS: Readonly<
  Record<FloorCode, { "zh-CN": (facts: HitFacts) => string; en: (facts: HitFacts) => string }>
> = {
  BACKDATED: {
    "zh-CN": (facts) =>
      `该笔刷卡晚到${facts.lateMinutes}分钟（阈值${facts.lateMinutesMax}分钟），期间该参保人已报失。不是您本人消费，请报警并申诉。`,
    en: (facts) =>
      `The swipe arrived ${facts.lateMinutes} min late (threshold ${facts.lateMinutesMax}), after a loss was reported in between.`,
  },
  ID_REPORTED_LOST: {
    "zh-CN": () => "该参保人的身份证件已报失。请改用社保卡或医保电子凭证；不是您本人，请报警。",
    en: () => "The person's identity document was reported lost.",
  },
  FEED_STALE: {
    "zh-CN": () => "参保地挂失信息超过60秒未更新，药店实体卡需核验。请出示身份证，或改用医保电子凭证。",
    en: () =>
      "The insured region's card-status feed is more than 60 s behind: a physical card at a pharmacy is challenged.",
  },
  LATE_DUPLICATE_RISK: {
    "zh-CN": (facts) =>
      `早于已保存的${facts.keptMax}笔结算，可能是重复上传。请核对消费记录，有重复请向收费机构更正。`,
    en: (facts) => `Earlier than the ${facts.keptMax} settles kept: a repeat might not be recognised.`,
  },
};

/** What the cardholder can do: the advice of the strongest reason, none where nothing was found. */
export function adviceOf(judgement: Judgement, bundle: DetectorBundle): Bilingual | null {
  const strongest = judgement.findings.find(
    (finding) => finding.isLive && finding.action === judgement.action,
  );
  if (strongest === undefined) return null;
  if (strongest.isFailed) return bundle.adviceOf(CHALLENGE_FAILED);
  return bundle.adviceOf(strongest.floor ?? strongest.rule!.rule.id);
}
