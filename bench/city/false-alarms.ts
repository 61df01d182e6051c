/** Counts honest swipes and the alarms on them. */
import { ACTIONS } from "../../schemas/fields.js";
import type { CityLabel } from "./labels.js";
import { isStrong, type OutcomeReason, rankOf } from "./outcome-line.js";
import type { AlarmCount, CountByAction, FalseAlarms, RuleAlarms } from "./scoreboard-model.js";

/** What was seen of one swipe. */
export interface SwipeSeen {
  strongest: number;
  /** Alarming live reasons of all its outcomes; allocated with the first one. */
  reasons: SeenReason[] | undefined;
  decided: boolean;
}

export interface SeenReason extends OutcomeReason {
  /** Of the decision; else of a revision. */
  readonly isInline: boolean;
}

interface RuleCount {
  alarms: number;
  ofVictims: number;
  strongest: number;
  strong: number;
  strongAlone: number;
  rejects: number;
}

export class FalseAlarmCount {
  private swipes = 0;
  private victimSwipes = 0;
  private victimsStrong = 0;
  private readonly any = { alarms: 0, ofVictims: 0 };
  private readonly byRule = new Map<string, RuleCount>();
  private readonly byAction = noActions();

  add(swipe: SwipeSeen, label: CityLabel): void {
    const ofVictims = label.incident === undefined ? 0 : 1;
    this.swipes += 1;
    this.victimSwipes += ofVictims;
    countAction(this.byAction, ACTIONS[swipe.strongest]);
    if (isStrong(ACTIONS[swipe.strongest])) this.victimsStrong += ofVictims;
    if (swipe.strongest < rankOf("review")) return;
    this.any.alarms += 1;
    this.any.ofVictims += ofVictims;
    this.countRules(strongestByRule(swipe.reasons ?? []), ofVictims);
  }

  private countRules(strongest: ReadonlyMap<string, number>, ofVictims: number): void {
    const strongRules = [...strongest.values()].filter((rank) => isStrong(ACTIONS[rank])).length;
    for (const [rule, rank] of strongest) {
      const count = this.byRule.get(rule) ?? noAlarms();
      count.alarms += 1;
      count.ofVictims += ofVictims;
      count.strongest = Math.max(count.strongest, rank);
      if (isStrong(ACTIONS[rank])) count.strong += 1;
      if (isStrong(ACTIONS[rank]) && strongRules === 1) count.strongAlone += 1;
      if (ACTIONS[rank] === "reject") count.rejects += 1;
      this.byRule.set(rule, count);
    }
  }

  result(): FalseAlarms {
    const share = (count: number) => (this.swipes === 0 ? 0 : count / this.swipes);
    const per10k = (count: number) => share(count) * 10_000;
    const ruleRow = (rule: string, count: RuleCount): RuleAlarms => ({
      rule,
      ...count,
      per10k: per10k(count.alarms),
      strongest: ACTIONS[count.strongest] ?? "approve",
      strongPer10k: per10k(count.strong),
    });
    const any: AlarmCount = { ...this.any, per10k: per10k(this.any.alarms) };
    const rules = [...this.byRule].sort(([one], [other]) => (one < other ? -1 : 1));
    const byActionPer10k = noActions();
    for (const action of ACTIONS) byActionPer10k[action] = per10k(this.byAction[action]);
    return {
      honestSwipes: this.swipes,
      victimSwipes: this.victimSwipes,
      any,
      byRule: rules.map(([rule, count]) => ruleRow(rule, count)),
      byAction: this.byAction,
      byActionPer10k,
      challengeRejectShare: share(this.byAction.challenge + this.byAction.reject),
      rejectShare: share(this.byAction.reject),
      victimsStrong: this.victimsStrong,
    };
  }
}

function strongestByRule(reasons: readonly OutcomeReason[]): Map<string, number> {
  const strongest = new Map<string, number>();
  for (const { rule, action } of reasons)
    strongest.set(rule, Math.max(strongest.get(rule) ?? 0, rankOf(action)));
  return strongest;
}

function noAlarms(): RuleCount {
  return { alarms: 0, ofVictims: 0, strongest: 0, strong: 0, strongAlone: 0, rejects: 0 };
}

export function noActions(): CountByAction {
  return { approve: 0, review: 0, challenge: 0, reject: 0 };
}

export function countAction(counts: CountByAction, action: string | null | undefined): void {
  const known = ACTIONS[rankOf(action)];
  if (known !== undefined) counts[known] += 1;
}
