/**
 * Counts what a draft changes: fed with one record after the other as both sides judged it.
 *
 * Owns: the counts of one part of the history. Parts have no person in common, so that they add up.
 *
 * 1. A purchase counts once in money: what a settle names as its authorize is taken back where both changed alike
 *    (services/alerts counts cases so).
 */

import type { Action } from "../../schemas/fields.js";
import { formatInstant } from "../../schemas/instant.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { judgedSwipeOf } from "../../services/alerts/judged-swipe.js";
import { BodyDigest, type BodySum } from "./body-digest.js";
import { type Example, ExampleShelf } from "./examples.js";
import type { FeedbackKnown } from "./history-facts.js";
import type { Observed, Observer } from "./observer.js";
import { PurchaseMoney } from "./purchase-money.js";
import { addCounts, addTo, type Counts } from "./sums.js";
import type { TimeWindow } from "./time-window.js";
import { isGained, liveHits, type RuleChange, rankOf, revisionPairs, ruleChanges } from "./verdicts.js";

export interface DraftTallyResult {
  readonly counts: Counts;
  readonly examples: Readonly<Record<string, readonly Example[]>>;
  readonly bodies: BodySum;
}

const DAY_LENGTH = "2026-01-01".length;

export class DraftTally implements Observer {
  private readonly counts: Counts = {};
  private readonly examples = new ExampleShelf();
  private readonly bodies = new BodyDigest();
  private readonly money = new PurchaseMoney((names, fen) => this.add(names, fen));
  private readonly people = { stronger: new Set<string>(), weaker: new Set<string>() };
  private readonly peopleOfRules = new Map<string, Set<string>>();

  constructor(
    private readonly window: TimeWindow,
    private readonly feedback: FeedbackKnown,
  ) {}

  observe({ record, place, timeMs, outcomes }: Observed): void {
    const [baseline, draft] = outcomes as readonly [readonly LoggedOutcome[], readonly LoggedOutcome[]];
    for (const [sequence, outcome] of draft.entries())
      this.bodies.add(place, sequence, JSON.stringify(outcome));
    this.add(["records"], 1);
    if (record.type === "swipe" || (record.type === "carried" && record.record.type === "swipe"))
      this.add(["judged"], 1);
    if (!this.window.includes(timeMs)) return;
    this.decisions(decisionOf(baseline), decisionOf(draft), timeMs);
    this.revisions(baseline, draft);
  }

  result([, persons = 0]: readonly number[]): DraftTallyResult {
    const counts = structuredClone(this.counts);
    addCounts(counts, {
      persons,
      peopleStronger: this.people.stronger.size,
      peopleWeaker: this.people.weaker.size,
    });
    for (const [names, people] of this.peopleOfRules) addTo(counts, names.split("/"), people.size);
    return { counts, examples: this.examples.all(), bodies: this.bodies.result() };
  }

  private decisions(baseline: DecisionOutcome | null, draft: DecisionOutcome | null, timeMs: number): void {
    if (baseline === null || draft === null) {
      if (baseline !== null) this.add(["onlyBaseline"], 1);
      if (draft !== null) this.add(["onlyDraft"], 1);
      return;
    }
    const day = formatInstant(timeMs).slice(0, DAY_LENGTH);
    this.add(["days", day, "swipes"], 1);
    this.add(["days", day, "baseline", baseline.action], 1);
    this.add(["days", day, "draft", draft.action], 1);
    if (
      baseline.action === "approve" &&
      draft.action === "approve" &&
      isSilent(baseline) &&
      isSilent(draft)
    ) {
      this.add(["transitions", "approve", "approve", "swipes"], 1);
      return;
    }
    this.changed(baseline, draft);
  }

  private changed(baseline: DecisionOutcome, draft: DecisionOutcome): void {
    const { personKey } = draft;
    const money = this.money.of(judgedSwipeOf(draft), personKey);
    this.add(["transitions", baseline.action, draft.action, "swipes"], 1);
    money.add(["transitions", baseline.action, draft.action, "atRiskFen"]);
    this.alerted(baseline.action, draft.action, money);
    const difference = rankOf(draft.action) - rankOf(baseline.action);
    if (difference > 0) this.people.stronger.add(this.feedback.rootOf(personKey));
    if (difference < 0) this.people.weaker.add(this.feedback.rootOf(personKey));
    const before = liveHits(baseline.reasons);
    const after = liveHits(draft.reasons);
    for (const rule of before.keys()) this.add(["rules", rule, "baselineHits"], 1);
    for (const rule of after.keys()) this.add(["rules", rule, "draftHits"], 1);
    for (const { rule, mode } of draft.reasons)
      if (mode === "shadow") this.add(["rules", rule, "shadowHits"], 1);
    for (const change of ruleChanges(before, after)) this.ruleChanged(change, baseline, draft, money);
    money.close();
  }

  private alerted(baseline: Action, draft: Action, money: ReturnType<PurchaseMoney["of"]>): void {
    const isBefore = baseline !== "approve";
    const isAfter = draft !== "approve";
    if (isBefore) money.add(["money", "baseline"]);
    if (isAfter) money.add(["money", "draft"]);
    if (isAfter && !isBefore) money.add(["money", "gained"]);
    if (isBefore && !isAfter) money.add(["money", "lost"]);
  }

  private ruleChanged(
    change: RuleChange,
    baseline: DecisionOutcome,
    draft: DecisionOutcome,
    money: ReturnType<PurchaseMoney["of"]>,
  ): void {
    const { rule } = change;
    const direction = isGained(change) ? "gained" : "lost";
    this.add(["rules", rule, change.change], 1);
    money.add(["rules", rule, `${direction}Fen`]);
    const root = this.feedback.rootOf(draft.personKey);
    const verdict = this.feedback.verdictOf(root, rule);
    if (verdict !== null) {
      const effect = verdict === "honest" ? "cleared" : "confirmed";
      this.add(["rules", rule, effect, direction], 1);
      this.peopleOf(["rules", rule, effect, direction === "gained" ? "peopleGained" : "peopleLost"]).add(
        root,
      );
    }
    this.examples.put(rule, direction, {
      decisionId: draft.decisionId,
      eventId: draft.eventId,
      insuredRegion: draft.swipe.insuredRegion,
      careRegion: draft.swipe.careRegion,
      occurredAt: draft.occurredAt,
      change: change.change,
      from: change.from,
      to: change.to,
      baselineAction: baseline.action,
      draftAction: draft.action,
      atRiskFen: money.fen,
    });
  }

  private revisions(baseline: readonly LoggedOutcome[], draft: readonly LoggedOutcome[]): void {
    for (const pair of revisionPairs(baseline, draft)) {
      if (pair.baseline !== null) this.add(["revisions", "baseline"], 1);
      if (pair.draft !== null) this.add(["revisions", "draft"], 1);
      const before = liveHits(pair.baseline?.reasons ?? []);
      const after = liveHits(pair.draft?.reasons ?? []);
      for (const change of ruleChanges(before, after))
        this.add(["rules", change.rule, isGained(change) ? "lateGained" : "lateLost"], 1);
    }
  }

  private peopleOf(names: readonly string[]): Set<string> {
    const name = names.join("/");
    const known = this.peopleOfRules.get(name);
    if (known !== undefined) return known;
    const people = new Set<string>();
    this.peopleOfRules.set(name, people);
    return people;
  }

  private add(names: readonly string[], value: number): void {
    addTo(this.counts, names, value);
  }
}

function decisionOf(outcomes: readonly LoggedOutcome[]): DecisionOutcome | null {
  const found = outcomes.find(({ type }) => type === "decision");
  return found?.type === "decision" ? found : null;
}

function isSilent({ reasons }: DecisionOutcome): boolean {
  return reasons.length === 0;
}
