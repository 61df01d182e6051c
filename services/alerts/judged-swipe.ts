/** What is kept of a decision: its alert, its SMS and its later revisions speak of the same swipe. */

import { storableText } from "../../platform/database/database.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import type { JudgedSwipeRow, UndoneSwipeRow } from "./tables.js";

export function judgedSwipeOf(decision: DecisionOutcome): JudgedSwipeRow {
  const { swipe } = decision;
  return {
    decision_id: storableText(decision.decisionId),
    person_key: decision.personKey,
    event_id: decision.eventId,
    original_event_id: swipe.originalEventId ?? null,
    kind: decision.kind,
    credential: swipe.credential,
    card_tail: decision.cardTail,
    care_region: swipe.careRegion,
    institution_id: swipe.institutionId,
    institution_kind: swipe.institutionKind,
    visit_kind: swipe.visitKind ?? null,
    total_fen: swipe.totalFen,
    account_fen: swipe.accountFen ?? null,
    at_risk_fen: movesMoney(decision) ? swipe.totalFen - Math.min(swipe.totalFen, swipe.cashFen ?? 0) : 0,
    action: decision.action,
    occurred_at: decision.occurredAt,
    card_key: swipe.cardKey ?? null,
    insured_region: swipe.insuredRegion,
  };
}

/** Pin checks and queries move none; cancels and reversals give it back. They are never revised either. */
export function movesMoney({ kind }: Pick<DecisionOutcome, "kind">): boolean {
  return kind === "settle" || kind === "authorize";
}

/** What a cancel or reversal takes back. */
export function undoneSwipeOf(outcome: LoggedOutcome): readonly UndoneSwipeRow[] {
  if (outcome.type !== "decision" || (outcome.kind !== "cancel" && outcome.kind !== "reverse")) return [];
  const { personKey, eventId, swipe } = outcome;
  if (swipe.originalEventId === undefined) return [];
  return [
    {
      person_key: personKey,
      original_event_id: storableText(swipe.originalEventId),
      event_id: storableText(eventId),
    },
  ];
}
