/** The judge's outcomes of one swipe → what its terminal is told. Of the person's other swipes nothing is told. */

import type { Answer, AnswerReason } from "../../schemas/http/authorization.js";
import type { DecisionOutcome, DuplicateOutcome, LoggedOutcome, Reason } from "../../schemas/outcomes.js";

/** Code of the feeds' silence, by which a single decision is degraded. */
const FEED_STALE = "FEED_STALE";

export type AnswerFrom =
  | { readonly kind: "decision" | "duplicate"; readonly answer: Answer }
  /** The eventId belongs to another message. */
  | { readonly kind: "reused"; readonly answer: null };

/** @param degradedReason why every answer is degraded now, or null. */
export function answerFrom(
  eventId: string,
  outcomes: readonly LoggedOutcome[],
  degradedReason: string | null,
): AnswerFrom {
  for (const outcome of outcomes) {
    if (outcome.type === "decision" && outcome.eventId === eventId)
      return { kind: "decision", answer: answerOfDecision(outcome, degradedReason) };
    if (outcome.type === "duplicate" && outcome.eventId === eventId) {
      const answer = answerOfDuplicate(outcome, degradedReason);
      return answer === null ? REUSED : { kind: "duplicate", answer };
    }
    if (outcome.type === "refused") return REUSED;
  }
  throw new Error(`the judge answered a swipe with ${outcomes.length} outcomes and no decision`);
}

const REUSED: AnswerFrom = { kind: "reused", answer: null };

function answerOfDecision(decision: DecisionOutcome, degradedReason: string | null): Answer {
  const { eventId, decisionId, action, responseCode, advice, disputed, degraded } = decision;
  return {
    eventId,
    decisionId,
    action,
    responseCode,
    advice,
    reasons: decision.reasons.filter(({ mode }) => mode === "live").map(reasonTold),
    disputed,
    degraded: degraded || degradedReason !== null,
    degradedReason: degradedReason ?? (degraded ? FEED_STALE : null),
    duplicate: false,
    standIn: false,
    journaled: true,
  };
}

function reasonTold({ rule, action, severity, code, text }: Reason): AnswerReason {
  return { rule, action, severity, code, text };
}

/** null where the first message under this eventId was no swipe. */
function answerOfDuplicate(duplicate: DuplicateOutcome, degradedReason: string | null): Answer | null {
  const { eventId, decisionId, action, responseCode } = duplicate;
  if (action === null || responseCode === null) return null;
  return {
    eventId,
    decisionId,
    action,
    responseCode,
    advice: null,
    reasons: [],
    disputed: false,
    degraded: degradedReason !== null,
    degradedReason,
    duplicate: true,
    standIn: false,
    journaled: true,
  };
}
