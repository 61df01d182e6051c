/**
 * What a rule is: one file, one constant `rule`, a pure question to the judged swipe.
 * `npm run generate` lists every `r??-*.ts` of this folder in registry.ts; the bundle's ruleset turns it on.
 */

import type * as z from "zod";
import type { Severity } from "../../../schemas/fields.js";
import type { Judging } from "../judging.js";

/** Ranks of actions: the strongest wins. */
export const Rank = { APPROVE: 0, REVIEW: 1, CHALLENGE: 2, REJECT: 3 } as const;
export type ActionRank = (typeof Rank)[keyof typeof Rank];

export type FactValue = string | number | boolean | null | readonly (string | number)[];
/** Observed values and the thresholds they met; names carry the unit. */
export type HitFacts = Readonly<Record<string, FactValue>>;

export interface Hit {
  readonly action: ActionRank;
  /** Where it differs from the ruleset's. */
  readonly severity?: Severity;
  /** A terminal response code or a reason code; the rule's name where absent. */
  readonly code?: string;
  readonly facts: HitFacts;
  /** eventIds of other kept swipes the finding rests on. */
  readonly evidence: readonly string[];
  /** The swipe's card is locked for PIN use from now on (R08). */
  readonly locksPin?: boolean;
}

/**
 * What a rule reads beside the swipe. A rule that reads only `card-state` is not asked for a person without
 * card-status records, which are almost all.
 */
export type Read = "card-state" | "pins" | "swipes" | "person-facts" | "refunds" | "trace-codes";

export type JudgedKind = "authorize" | "settle" | "pin-check" | "cancel" | "reverse" | "query";

export interface Rule<Params = never> {
  readonly id: string;
  readonly name: string;
  readonly judges: readonly JudgedKind[];
  /** Also judges a settle that is linked to its authorize (rules.md 0.4). */
  readonly judgesLinked: boolean;
  /** Never softened by honest feedback or an emergency (rules.md 0.10, 0.13). */
  readonly isUnconditional: boolean;
  readonly reads: readonly Read[];
  readonly params: z.ZodType<Params>;
  /** The actions that `evaluate` may return, weakest first: a region changes only these. */
  readonly finds: readonly ActionRank[];
  /** It may return the ruleset's `traceCodeReuseAction` too. */
  readonly findsReuseAction?: true;
  /** The swipe's region whose overrides count: of the holder's card, or (where absent) of the purchase. */
  readonly overriddenBy?: "insuredRegion";
  /** The strongest action that a region may give what it finds; reject where absent. */
  readonly actionMax?: ActionRank;
  /** Becomes `action` where one of the rules hits too (live). */
  readonly also?: { readonly rules: readonly string[]; readonly action: ActionRank };
  /** For docs/rules: what the rule sees, in plain words, and the fact, law or case it rests on. */
  readonly about: { readonly sees: string; readonly basis: string };
  /**
   * Facts, thresholds, and in Chinese what the cardholder does next: at most `TEXT_CHARACTERS_MAX` characters.
   * The first sentence says what was found and asks for nothing: after a failed challenge another next step follows it.
   */
  readonly explain: {
    readonly "zh-CN": (facts: HitFacts) => string;
    readonly en: (facts: HitFacts) => string;
  };
  evaluate(judging: Judging, params: Params): Hit | null;
}

/** A reader of a phone page takes in no more; also what a reason's text may be long in Chinese. */
export const TEXT_CHARACTERS_MAX = 120;

/** Keeps a rule's parameter type while the registry holds rules of every kind. */
export type AnyRule = Rule<never>;

/**
 * All rules have one shape, whatever a file leaves out and in which order it says the rest: the judge reads them many
 * times a swipe, and the engine finds a property at once only where few shapes meet.
 */
export function defineRule<Params>(rule: Rule<Params>): AnyRule {
  return {
    id: rule.id,
    name: rule.name,
    judges: rule.judges,
    judgesLinked: rule.judgesLinked,
    isUnconditional: rule.isUnconditional,
    reads: rule.reads,
    params: rule.params,
    finds: rule.finds,
    findsReuseAction: rule.findsReuseAction,
    overriddenBy: rule.overriddenBy,
    actionMax: rule.actionMax,
    also: rule.also,
    about: rule.about,
    explain: rule.explain,
    evaluate: rule.evaluate,
  } as unknown as AnyRule;
}

/** The kinds of R01–R07, answered for a query too. */
export const CARD_STATE_KINDS: readonly JudgedKind[] = ["authorize", "settle", "pin-check", "query"];
export const PIN_KINDS: readonly JudgedKind[] = ["authorize", "settle", "pin-check"];
export const PURCHASE_KINDS: readonly JudgedKind[] = ["authorize", "settle"];
