/** The table that the scoreboard fills (README.md, "How it is counted"). */
import type { Action } from "../../schemas/fields.js";
import type { AttackKind, RingKind } from "./labels.js";
import type { Interval } from "./wilson.js";

export interface AttackScore {
  readonly kind: AttackKind;
  readonly planted: number;
  readonly caught: number;
  /** Of the caught, those challenged or rejected by an expected rule. */
  readonly caughtStrong: number;
  /** Of the caught, those that a decision caught, not only a revision afterwards. */
  readonly caughtInline: number;
  readonly missed: number;
  /** Of the missed, those on which another rule alarmed. */
  readonly missedOtherRule: number;
  /** Caught of planted; null where nothing was planted. */
  readonly recall: number | null;
  /** Its 95 % interval (Wilson). */
  readonly recallInterval: Interval | null;
  /** Caught inline of planted; null also for a kind that no decision can catch. */
  readonly inlineRecall: number | null;
  readonly inlineRecallInterval: Interval | null;
}

export interface RingScore {
  readonly kind: RingKind;
  readonly planted: number;
  /** Rings that a finding of the expected patrol is about; null where no patrol ran. */
  readonly found: number | null;
  /** Rings with a swipe on which some inline rule alarmed. */
  readonly inlineAlarms: number;
}

/** What a patrol found: whom it names, and events it rests on. Agents, cards and codes are named by tokens. */
export interface PatrolFinding {
  readonly patrol: string;
  readonly subject: string;
  readonly eventIds: readonly string[];
}

/** Findings of one patrol. */
export interface PatrolScore {
  readonly patrol: string;
  readonly findings: number;
  /** About no planted ring of this patrol. */
  readonly ofNoRing: number;
}

export interface AlarmCount {
  /** Honest swipes on which the rule alarms. */
  readonly alarms: number;
  readonly per10k: number;
  /** Of them, swipes of victims after their incident began. */
  readonly ofVictims: number;
}

export interface RuleAlarms extends AlarmCount {
  readonly rule: string;
  /** The strongest action of the rule on an honest swipe. */
  readonly strongest: Action;
  /** Honest swipes that the rule challenges or rejects. */
  readonly strong: number;
  readonly strongPer10k: number;
  readonly rejects: number;
  /** Of `strong`, those that no other rule challenges or rejects: what the rule alone costs. */
  readonly strongAlone: number;
}

export type CountByAction = Record<Action, number>;

export interface FalseAlarms {
  readonly honestSwipes: number;
  readonly victimSwipes: number;
  readonly any: AlarmCount;
  readonly byRule: readonly RuleAlarms[];
  readonly byAction: CountByAction;
  readonly byActionPer10k: CountByAction;
  /** Honest swipes challenged or rejected, of all honest swipes; 0 to 1. */
  readonly challengeRejectShare: number;
  readonly rejectShare: number;
  /** Of victims' swipes after their incident began, those challenged or rejected. */
  readonly victimsStrong: number;
}

export interface ScoreboardModel {
  /** Distinct swipes that got a decision. */
  readonly swipes: number;
  readonly attackSwipes: number;
  readonly ringSwipes: number;
  /** Honest swipes of the history: judged, not scored. */
  readonly historySwipes: number;
  readonly revisions: number;
  readonly duplicates: number;
  readonly transitions: number;
  /** Decided swipes without a label: not counted anywhere else; 0 unless the two files do not belong together. */
  readonly unlabelled: number;
  /** The action first decided. */
  readonly byAction: CountByAction;
  readonly attacks: readonly AttackScore[];
  readonly rings: readonly RingScore[];
  /** Empty where no patrol ran or none found anything. */
  readonly patrols: readonly PatrolScore[];
  /** Found-again swipes under the strongest action each had. */
  readonly foundAgain: { readonly swipes: number; readonly byAction: CountByAction };
  readonly falseAlarms: FalseAlarms;
}
