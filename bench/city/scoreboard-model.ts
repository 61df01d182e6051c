/** The table that the scoreboard fills (README.md, "How it is counted"). */
import type { Action } from "../../schemas/fields.js";
import type { AttackKind } from "./labels.js";

export interface AttackScore {
  readonly kind: AttackKind;
  readonly planted: number;
  readonly caught: number;
  /** Of the caught, those challenged or rejected by an expected rule. */
  readonly caughtStrong: number;
  readonly missed: number;
  /** Of the missed, those on which another rule alarmed. */
  readonly missedOtherRule: number;
}

export interface RuleAlarms {
  readonly rule: string;
  /** Honest swipes on which the rule alarms. */
  readonly alarms: number;
  readonly per10k: number;
  /** Of them, swipes of victims after their incident began. */
  readonly ofVictims: number;
}

export type CountByAction = Record<Action, number>;

export interface FalseAlarms {
  readonly honestSwipes: number;
  readonly victimSwipes: number;
  readonly any: RuleAlarms;
  readonly byRule: readonly RuleAlarms[];
  readonly byAction: CountByAction;
  readonly byActionPer10k: CountByAction;
}

export interface ScoreboardModel {
  /** Distinct swipes that got a decision. */
  readonly swipes: number;
  readonly attackSwipes: number;
  readonly revisions: number;
  readonly duplicates: number;
  readonly transitions: number;
  /** Decided swipes without a label: not counted anywhere else; 0 unless the two files do not belong together. */
  readonly unlabelled: number;
  /** The action first decided. */
  readonly byAction: CountByAction;
  readonly attacks: readonly AttackScore[];
  /** Found-again swipes under the strongest action each had. */
  readonly foundAgain: { readonly swipes: number; readonly byAction: CountByAction };
  readonly falseAlarms: FalseAlarms;
}
