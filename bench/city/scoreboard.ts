/**
 * Compares outcome lines with the labels of the city (README.md, "How it is counted").
 * Owns: what was seen of each swipe and incident. Does not own: printing (scoreboard-text.ts).
 * 1. An incident counts once, however many swipes and outcomes it has.
 * 2. A swipe counts once per rule and under its strongest action, however often it was revised.
 * 3. Labels may come before, between or after the outcomes.
 */
import { ACTIONS } from "../../schemas/fields.js";
import { countAction, FalseAlarmCount, noActions, type SwipeSeen } from "./false-alarms.js";
import { ATTACK_KINDS, ATTACKS, type AttackKind, type CityLabel, type ExpectedReason } from "./labels.js";
import { alarmingReasons, isStrong, type OutcomeLine, type OutcomeReason, rankOf } from "./outcome-line.js";
import { RingCount } from "./ring-scores.js";
import type { AttackScore, PatrolFinding, ScoreboardModel } from "./scoreboard-model.js";
import { wilsonInterval } from "./wilson.js";

export interface Scoreboard {
  label(eventId: string, label: CityLabel): void;
  outcome(outcome: OutcomeLine): void;
  /** What the patrols found, where they ran; never called: nobody patrolled. */
  findings(findings: readonly PatrolFinding[]): void;
  model(): ScoreboardModel;
}

export function createScoreboard(): Scoreboard {
  const labels = new Map<string, CityLabel>();
  const seen = new Map<string, SwipeSeen>();
  const byAction = noActions();
  const counts = { revisions: 0, duplicates: 0, transitions: 0 };
  let found: readonly PatrolFinding[] | null = null;
  return {
    findings: (findings) => {
      found = findings;
    },
    label: (eventId, label) => void labels.set(eventId, label),
    outcome: (outcome) => {
      if (outcome.type === "duplicate") counts.duplicates += 1;
      if (outcome.type === "transition") counts.transitions += 1;
      if (outcome.type === "revision") counts.revisions += 1;
      if (outcome.type !== "decision" && outcome.type !== "revision") return;
      if (outcome.type === "decision") countAction(byAction, outcome.action);
      note(seen, outcome);
    },
    model: () => ({ ...counts, byAction, ...scores(labels, seen, found) }),
  };
}

/** Labels and outcomes at once, for callers that hold both. */
export function runScoreboard(
  labelled: Iterable<readonly [eventId: string, label: CityLabel]>,
  outcomes: Iterable<OutcomeLine>,
): ScoreboardModel {
  const scoreboard = createScoreboard();
  for (const [eventId, label] of labelled) scoreboard.label(eventId, label);
  for (const outcome of outcomes) scoreboard.outcome(outcome);
  return scoreboard.model();
}

function note(seen: Map<string, SwipeSeen>, outcome: OutcomeLine): void {
  const swipe = seen.get(outcome.eventId) ?? { strongest: 0, reasons: undefined, decided: false };
  swipe.strongest = Math.max(swipe.strongest, rankOf(outcome.action));
  swipe.decided ||= outcome.type === "decision";
  const reasons = alarmingReasons(outcome);
  if (reasons.length > 0) {
    const isInline = outcome.type === "decision";
    swipe.reasons = [...(swipe.reasons ?? []), ...reasons.map((reason) => ({ ...reason, isInline }))];
  }
  seen.set(outcome.eventId, swipe);
}

/** Everything that needs labels: one pass over the swipes seen, one over the incidents planted. */
function scores(
  labels: ReadonlyMap<string, CityLabel>,
  seen: ReadonlyMap<string, SwipeSeen>,
  findings: readonly PatrolFinding[] | null,
) {
  const incidents = plantedIncidents(labels);
  const rings = new RingCount(labels);
  const honest = new FalseAlarmCount();
  const foundAgain = { swipes: 0, byAction: noActions() };
  const totals = { swipes: 0, attackSwipes: 0, ringSwipes: 0, historySwipes: 0, unlabelled: 0 };
  for (const [eventId, swipe] of seen) {
    if (swipe.decided) totals.swipes += 1;
    const label = labels.get(eventId);
    switch (label?.kind) {
      case undefined:
        totals.unlabelled += 1;
        break;
      case "history":
        totals.historySwipes += 1;
        break;
      case "found-again":
        foundAgain.swipes += 1;
        countAction(foundAgain.byAction, ACTIONS[swipe.strongest]);
        break;
      case "honest":
        honest.add(swipe, label);
        break;
      case "ring":
        totals.ringSwipes += 1;
        rings.add(swipe, label);
        break;
      case "attack":
        totals.attackSwipes += 1;
        markIncident(incidents.get(label.incident ?? ""), swipe);
    }
  }
  return {
    ...totals,
    foundAgain,
    falseAlarms: honest.result(),
    attacks: attackScores(incidents),
    ...rings.scores(findings),
  };
}

interface IncidentSeen {
  readonly kind: AttackKind;
  caught: boolean;
  caughtStrong: boolean;
  caughtInline: boolean;
  otherRule: boolean;
}

function plantedIncidents(labels: ReadonlyMap<string, CityLabel>): Map<string, IncidentSeen> {
  const incidents = new Map<string, IncidentSeen>();
  for (const { attack, incident } of labels.values()) {
    if (attack === undefined || incident === undefined || incidents.has(incident)) continue;
    incidents.set(incident, {
      kind: attack,
      caught: false,
      caughtStrong: false,
      caughtInline: false,
      otherRule: false,
    });
  }
  return incidents;
}

function markIncident(incident: IncidentSeen | undefined, swipe: SwipeSeen): void {
  if (incident === undefined) return;
  const { expected } = ATTACKS[incident.kind];
  for (const reason of swipe.reasons ?? []) {
    if (!isExpected(reason, expected)) incident.otherRule = true;
    else {
      incident.caught = true;
      incident.caughtStrong ||= isStrong(reason.action);
      incident.caughtInline ||= reason.isInline;
    }
  }
}

function isExpected(reason: OutcomeReason, expected: readonly ExpectedReason[]): boolean {
  return expected.some(
    ({ rule, code }) => rule === reason.rule && (code === undefined || code === reason.code),
  );
}

function attackScores(incidents: ReadonlyMap<string, IncidentSeen>): AttackScore[] {
  const all = [...incidents.values()];
  return ATTACK_KINDS.map((kind) =>
    attackScore(
      kind,
      all.filter((incident) => incident.kind === kind),
    ),
  );
}

function attackScore(kind: AttackKind, incidents: readonly IncidentSeen[]): AttackScore {
  const planted = incidents.length;
  const missed = incidents.filter((incident) => !incident.caught);
  return withRecall({
    kind,
    planted,
    caught: planted - missed.length,
    caughtStrong: incidents.filter((incident) => incident.caughtStrong).length,
    caughtInline: incidents.filter((incident) => incident.caughtInline).length,
    missed: missed.length,
    missedOtherRule: missed.filter((incident) => incident.otherRule).length,
  });
}

type AttackCount = Omit<AttackScore, "recall" | "recallInterval" | "inlineRecall" | "inlineRecallInterval">;

/** Shares and their intervals of what was counted, in one city or in many. */
export function withRecall(count: AttackCount): AttackScore {
  const { planted, caught, caughtInline } = count;
  const canBeInline = planted > 0 && ATTACKS[count.kind].isInline;
  return {
    ...count,
    recall: planted === 0 ? null : caught / planted,
    recallInterval: wilsonInterval(caught, planted),
    inlineRecall: canBeInline ? caughtInline / planted : null,
    inlineRecallInterval: canBeInline ? wilsonInterval(caughtInline, planted) : null,
  };
}
