/** Alerts: what becomes of decisions that are not `approve`, and what revisions change about them. Pure. */

import { storableText } from "../../platform/database/database.js";
import { SEVERITIES } from "../../schemas/fields.js";
import type { DecisionOutcome, LoggedOutcome, Reason, RevisionOutcome } from "../../schemas/outcomes.js";
import { judgedSwipeOf, movesMoney } from "./judged-swipe.js";
import type { AlertRow, AlertState, JudgedSwipeRow } from "./tables.js";

/** An alert before it has a case. */
export type AlertDraft = Omit<AlertRow, "case_id">;

/** To the alerts of a decision that the database holds and that stand: what a revision made of them. */
export interface Correction {
  readonly decision_id: string;
  /** Only alerts of lower ordinals: applied again it changes nothing. */
  readonly ordinal: number;
  readonly state: Exclude<AlertState, "standing">;
  readonly corrected_by: string;
}

export interface AlertPlan {
  /** To be kept for later revisions. */
  readonly swipes: readonly JudgedSwipeRow[];
  readonly alerts: readonly AlertDraft[];
  readonly corrections: readonly Correction[];
}

/** The swipes spoken of by a batch: its own, and those its revisions name. */
export class SwipesKnown {
  private readonly byDecision: Map<string, JudgedSwipeRow>;

  constructor(stored: readonly JudgedSwipeRow[], outcomes: readonly LoggedOutcome[]) {
    this.byDecision = new Map(stored.map((swipe) => [swipe.decision_id, swipe]));
    for (const outcome of outcomes) if (outcome.type === "decision") this.add(judgedSwipeOf(outcome));
  }

  get(decisionId: string): JudgedSwipeRow | null {
    return this.byDecision.get(storableText(decisionId)) ?? null;
  }

  private add(swipe: JudgedSwipeRow): void {
    this.byDecision.set(swipe.decision_id, swipe);
  }
}

/** decisionIds of swipes that are not among the outcomes themselves. */
export function swipesWanted(outcomes: readonly LoggedOutcome[]): readonly string[] {
  const wanted = new Set<string>();
  for (const outcome of outcomes)
    if (outcome.type === "revision") wanted.add(storableText(outcome.decisionId));
  return [...wanted];
}

/** Outcomes in the order of the log. */
export function planAlerts(outcomes: readonly LoggedOutcome[], known: SwipesKnown): AlertPlan {
  const swipes: JudgedSwipeRow[] = [];
  const alerts: AlertDraft[] = [];
  const corrections: Correction[] = [];
  for (const outcome of outcomes) {
    if (outcome.type === "decision") {
      if (movesMoney(outcome)) swipes.push(judgedSwipeOf(outcome));
      if (outcome.action !== "approve") alerts.push(alertOfDecision(outcome));
    } else if (outcome.type === "revision") {
      const correction = correctionOf(outcome);
      correct(alerts, correction);
      corrections.push(correction);
      if (outcome.action !== "approve") alerts.push(alertOfRevision(outcome, known.get(outcome.decisionId)));
    }
  }
  return { swipes, alerts, corrections: firstOfEach(corrections) };
}

function alertOfDecision(decision: DecisionOutcome): AlertDraft {
  const {
    action: _action,
    card_key: _cardKey,
    insured_region: _region,
    institution_kind: _kind,
    visit_kind: _visit,
    ...swipe
  } = judgedSwipeOf(decision);
  return {
    alert_id: swipe.decision_id,
    ...swipe,
    ordinal: 0,
    ...found(decision.reasons),
    advice: decision.advice?.["zh-CN"] ?? null,
    action: alarming(decision.action),
    disputed: decision.disputed,
    degraded: decision.degraded,
    caused_by: null,
    state: "standing",
    corrected_by: null,
  };
}

/** A decision from before this database's log began is not known: its alert says what the revision says. */
function alertOfRevision(revision: RevisionOutcome, swipe: JudgedSwipeRow | null): AlertDraft {
  return {
    alert_id: storableText(revision.revisionId),
    person_key: revision.personKey,
    decision_id: storableText(revision.decisionId),
    ordinal: ordinalOf(revision.revisionId),
    event_id: revision.eventId,
    original_event_id: swipe?.original_event_id ?? null,
    kind: swipe?.kind ?? null,
    credential: swipe?.credential ?? null,
    care_region: swipe?.care_region ?? null,
    institution_id: swipe?.institution_id ?? null,
    total_fen: swipe?.total_fen ?? null,
    account_fen: swipe?.account_fen ?? null,
    at_risk_fen: swipe?.at_risk_fen ?? null,
    occurred_at: swipe?.occurred_at ?? null,
    card_tail: revision.cardTail,
    ...found(revision.reasons),
    advice: null,
    action: alarming(revision.action),
    disputed: revision.disputed,
    degraded: false,
    caused_by: revision.causedBy,
    state: "standing",
    corrected_by: null,
  };
}

function alarming(action: DecisionOutcome["action"]): AlertRow["action"] {
  if (action === "approve") throw new Error("an approved swipe is no alert");
  return action;
}

/** Reasons in shadow do not act, so they raise nothing. */
function found(reasons: readonly Reason[]): Pick<AlertRow, "rules" | "severity" | "because"> {
  const live = reasons.filter(({ mode }) => mode === "live");
  const ranks = live.map(({ severity }) => SEVERITIES.indexOf(severity));
  return {
    rules: [...new Set(live.map(({ rule }) => rule))],
    severity: SEVERITIES[Math.max(0, ...ranks)]!,
    because: live.map(({ text }) => text["zh-CN"]),
  };
}

function correctionOf(revision: RevisionOutcome): Correction {
  return {
    decision_id: storableText(revision.decisionId),
    ordinal: ordinalOf(revision.revisionId),
    state: revision.action === "approve" ? "withdrawn" : "replaced",
    corrected_by: storableText(revision.revisionId),
  };
}

/** `<12 hex>-<eventId>-<ordinal>`; an eventId may hold hyphens. */
function ordinalOf(outcomeId: string): number {
  return Number(outcomeId.slice(outcomeId.lastIndexOf("-") + 1));
}

/** Alerts of the same batch are not in the database yet. */
function correct(alerts: AlertDraft[], { decision_id, state, corrected_by }: Correction): void {
  alerts.forEach((alert, i) => {
    if (alert.decision_id === decision_id && alert.state === "standing")
      alerts[i] = { ...alert, state, corrected_by };
  });
}

/** What the database holds was corrected by the first revision that follows it. */
function firstOfEach(corrections: readonly Correction[]): readonly Correction[] {
  const first = new Map<string, Correction>();
  for (const correction of corrections)
    if (!first.has(correction.decision_id)) first.set(correction.decision_id, correction);
  return [...first.values()];
}
