/** Counts honest swipes and the alarms on them. */
import { ACTIONS } from "../../schemas/fields.js";
import type { CityLabel } from "./labels.js";
import { type OutcomeReason, rankOf } from "./outcome-line.js";
import type { CountByAction, FalseAlarms, RuleAlarms } from "./scoreboard-model.js";

/** What was seen of one swipe. */
export interface SwipeSeen {
  strongest: number;
  /** Alarming live reasons of all its outcomes; allocated with the first one. */
  reasons: OutcomeReason[] | undefined;
  decided: boolean;
}

export class FalseAlarmCount {
  private swipes = 0;
  private victimSwipes = 0;
  private readonly any = { alarms: 0, ofVictims: 0 };
  private readonly byRule = new Map<string, { alarms: number; ofVictims: number }>();
  private readonly byAction = noActions();

  add(swipe: SwipeSeen, label: CityLabel): void {
    const ofVictims = label.incident === undefined ? 0 : 1;
    this.swipes += 1;
    this.victimSwipes += ofVictims;
    countAction(this.byAction, ACTIONS[swipe.strongest]);
    if (swipe.strongest < rankOf("review")) return;
    this.any.alarms += 1;
    this.any.ofVictims += ofVictims;
    for (const rule of new Set(swipe.reasons?.map((reason) => reason.rule))) {
      const count = this.byRule.get(rule) ?? { alarms: 0, ofVictims: 0 };
      count.alarms += 1;
      count.ofVictims += ofVictims;
      this.byRule.set(rule, count);
    }
  }

  result(): FalseAlarms {
    const per10k = (count: number) => (this.swipes === 0 ? 0 : (count * 10_000) / this.swipes);
    const row = (rule: string, count: { alarms: number; ofVictims: number }): RuleAlarms => {
      return { rule, ...count, per10k: per10k(count.alarms) };
    };
    const rules = [...this.byRule].sort(([one], [other]) => (one < other ? -1 : 1));
    const byActionPer10k = noActions();
    for (const action of ACTIONS) byActionPer10k[action] = per10k(this.byAction[action]);
    return {
      honestSwipes: this.swipes,
      victimSwipes: this.victimSwipes,
      any: row("any", this.any),
      byRule: rules.map(([rule, count]) => row(rule, count)),
      byAction: this.byAction,
      byActionPer10k,
    };
  }
}

export function noActions(): CountByAction {
  return { approve: 0, review: 0, challenge: 0, reject: 0 };
}

export function countAction(counts: CountByAction, action: string | null | undefined): void {
  const known = ACTIONS[rankOf(action)];
  if (known !== undefined) counts[known] += 1;
}
