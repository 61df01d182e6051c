import { SEVERITIES, type Severity } from "../../schemas/fields.js";
import type { DecisionOutcome, LoggedOutcome, Reason, TransitionOutcome } from "../../schemas/outcomes.js";
import { assertNever } from "./assert-never.js";
import { basketKeyOf, traceKeysOf } from "./baskets.js";
import { type Columns, setSwipe } from "./columns.js";

/** Sets the columns of table `outcomes` that come from the outcome itself. */
export function setOutcome(row: Columns, outcome: LoggedOutcome): void {
  row.type = outcome.type;
  if ("eventId" in outcome) row.eventId = outcome.eventId ?? undefined;
  switch (outcome.type) {
    case "decision":
      setDecision(row, outcome);
      return;
    case "revision":
      row.cardTail = outcome.cardTail ?? undefined;
      row.revisionId = outcome.revisionId;
      row.decisionId = outcome.decisionId;
      row.action = outcome.action;
      row.causedBy = outcome.causedBy;
      row.disputed = outcome.disputed;
      row.bundleHash = outcome.bundleHash;
      setReasons(row, outcome.reasons);
      return;
    case "transition":
      setTransition(row, outcome);
      return;
    case "duplicate":
      row.decisionId = outcome.decisionId ?? undefined;
      row.action = outcome.action ?? undefined;
      row.responseCode = outcome.responseCode ?? undefined;
      return;
    case "person-moved":
    case "forwarded":
      return;
    case "person-merged":
      row.bundleHash = outcome.bundleHash;
      return;
    case "activated":
      row.activationSequence = outcome.sequence;
      row.bundleHash = outcome.bundleHash;
      row.shadowBundleHash = outcome.shadowBundleHash ?? undefined;
      row.engineVersion = outcome.engineVersion;
      return;
    case "refused":
      row.code = outcome.code;
      row.activationSequence = outcome.sequence;
      return;
    default:
      assertNever(outcome);
  }
}

function setDecision(row: Columns, decision: DecisionOutcome): void {
  row.cardTail = decision.cardTail ?? undefined;
  row.decisionId = decision.decisionId;
  row.kind = decision.kind;
  row.action = decision.action;
  row.responseCode = decision.responseCode;
  row.disputed = decision.disputed;
  row.degraded = decision.degraded;
  row.clockClamped = decision.clockClamped;
  row.bundleHash = decision.bundleHash;
  row.engineVersion = decision.engineVersion;
  row.shadowBundleHash = decision.shadowBundleHash;
  row.occurredAt = decision.occurredAt;
  setSwipe(row, decision.swipe);
  row.traceKeys = traceKeysOf(decision.swipe.items ?? []);
  row.basketKey = basketKeyOf(decision.swipe.items ?? []);
  setReasons(row, decision.reasons);
}

function setTransition(row: Columns, transition: TransitionOutcome): void {
  row.cardTail = transition.cardTail ?? undefined;
  row.credential = transition.credential;
  row.statusAction = transition.action;
  row.stateFrom = transition.from;
  row.stateTo = transition.to;
  row.applied = transition.applied;
  row.code = transition.code ?? undefined;
  row.policyId = transition.policyId ?? undefined;
  row.reportedAt = transition.reportedAt;
  row.effectiveAt = transition.effectiveAt;
  row.expiresAtMin = transition.expiresAtMin;
  row.expiresAtMax = transition.expiresAtMax;
  row.calendarUncertain = transition.calendarUncertain;
  row.bundleHash = transition.bundleHash;
}

function setReasons(row: Columns, reasons: readonly Reason[]): void {
  if (reasons.length === 0) return;
  const live = reasons.filter(({ mode }) => mode === "live");
  row.rules = live.map(({ rule }) => rule);
  row.shadowRules = reasons.filter(({ mode }) => mode === "shadow").map(({ rule }) => rule);
  row.severity = highest(live);
  for (const field of ["rule", "version", "mode", "action", "severity", "code"] as const)
    row[`reasons.${field}`] = reasons.map((reason) => reason[field]);
  row["reasons.draft"] = reasons.map(({ draft }) => draft === true);
}

function highest(reasons: readonly Reason[]): Severity | undefined {
  const rank = Math.max(...reasons.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[rank];
}
