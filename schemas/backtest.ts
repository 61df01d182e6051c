/** What `kadun rules backtest` and `kadun rules gaps` print as JSON (docs/backtest.md). Additive changes only. */
import * as z from "zod";
import { ACTIONS, CHANNELS, instant, sha256 } from "./fields.js";

const count = z.number().int().min(0);
/** Sums of whole fen. */
const fen = z.number().int().min(0);
const share = z.number().min(0).max(1);
const action = z.enum(ACTIONS);

const sides = <Shape extends z.ZodType>(shape: Shape) => z.object({ baseline: shape, draft: shape });

/** Of all decisions of the window. */
export const stoppedShares = z.object({
  challenge: count,
  reject: count,
  challengeShare: share,
  rejectShare: share,
});

export const backtestExample = z.object({
  decisionId: z.string(),
  eventId: z.string(),
  /** Where the person is insured, and where the swipe was made. */
  insuredRegion: z.string(),
  careRegion: z.string(),
  occurredAt: instant,
  change: z.enum(["newHit", "stronger", "weaker", "noHit"]),
  /** What the rule asked for; null where it did not hit. */
  from: action.nullable(),
  to: action.nullable(),
  /** What the swipe was answered. */
  baselineAction: action,
  draftAction: action,
  atRiskFen: fen,
});

/** Decisions about people whose feedback on the rule is known, by its latest verdict. */
const feedbackEffect = z.object({
  /** Decisions in which the rule found more or less than in the baseline. */
  gained: count,
  lost: count,
  /** People among them. */
  peopleGained: count,
  peopleLost: count,
});

export const backtestRule = z.object({
  baselineHits: count,
  draftHits: count,
  newHit: count,
  stronger: count,
  weaker: count,
  noHit: count,
  /** newHit + stronger, noHit + weaker. */
  gained: count,
  lost: count,
  gainedFen: fen,
  lostFen: fen,
  /** Findings of the draft's rule in mode shadow: they act on nothing. */
  shadowHits: count,
  /** The same in revisions: swipes corrected later. */
  lateGained: count,
  lateLost: count,
  /** People who were found honest: what is gained there stops them once more. */
  cleared: feedbackEffect,
  /** Confirmed fraud: what is lost there is missed. */
  confirmed: feedbackEffect,
  examples: z.array(backtestExample).max(5),
});

export const backtestResult = z.object({
  type: z.literal("backtest"),
  source: z.string(),
  engineVersion: z.string(),
  /** null: bundles as the journal activated them. */
  baselineBundleHash: sha256.nullable(),
  draftBundleHash: sha256,
  /** Journal time; null without a limit. */
  from: instant.nullable(),
  to: instant.nullable(),
  notes: z.array(z.string()),
  records: count,
  refusedLines: count,
  persons: count,
  /** Decisions of the window that both sides made: what all shares refer to. */
  swipes: count,
  /** Swipes that one side took for a repeat and the other did not. */
  onlyBaseline: count,
  onlyDraft: count,
  byAction: sides(z.record(z.enum(ACTIONS), count)),
  /** Baseline's answer → draft's answer → swipes and money. */
  transitions: z.record(
    z.enum(ACTIONS),
    z.record(z.enum(ACTIONS), z.object({ swipes: count, atRiskFen: fen })),
  ),
  stronger: count,
  weaker: count,
  /** People of whom at least one swipe is answered more, or less, strictly. */
  peopleStronger: count,
  peopleWeaker: count,
  revisions: sides(count),
  shares: sides(stoppedShares),
  days: z.array(z.object({ day: z.string(), swipes: count, baseline: stoppedShares, draft: stoppedShares })),
  /** As the alerts count it: not paid in cash; of a purchase with authorize and settle the settle. */
  money: z.object({
    alertedFen: sides(fen),
    gainedFen: fen,
    lostFen: fen,
  }),
  rules: z.record(z.string(), backtestRule),
  /** All outcomes of the draft's side, whatever the window. */
  bodies: z.object({
    count,
    /** Sum modulo 2^256 of SHA-256 over `<partition>/<offset>/<sequence> <body>`; of files: `0/<line>/<sequence>`. */
    sum: sha256,
  }),
  /** Persons who moved and took along the state of the live judge, for want of the draft's. */
  borrowedStates: count,
  workers: count,
  seconds: z.number().min(0),
  /** Swipes judged, by both sides and whatever the window, per second. */
  swipesPerSecond: count,
});

const gap = z.object({
  /** Answered approve or review, where the changed policy challenges or rejects. */
  letThrough: count,
  letThroughFen: fen,
  /** Challenged, where the changed policy rejects. */
  challenged: count,
  challengedFen: fen,
});

export const gapsResult = z.object({
  type: z.literal("gaps"),
  source: z.string(),
  engineVersion: z.string(),
  from: instant.nullable(),
  to: instant.nullable(),
  notes: z.array(z.string()),
  records: count,
  refusedLines: count,
  /** Settles on cards of which a loss was reported before. */
  settlesAfterReport: count,
  rows: z.array(
    z.object({
      /** City of the report: the region whose policy is asked for. */
      city: z.string(),
      cityName: z.string().nullable(),
      channel: z.enum(CHANNELS),
      /** Row of the policies; null where none fits. */
      policyId: z.string().nullable(),
      /** Against "effective at once". */
      delay: gap,
      /** Against "never lapses". */
      lapse: gap,
    }),
  ),
  total: z.object({ delay: gap, lapse: gap }),
  workers: count,
  seconds: z.number().min(0),
});

export type BacktestExample = z.infer<typeof backtestExample>;
export type BacktestRule = z.infer<typeof backtestRule>;
export type BacktestResult = z.infer<typeof backtestResult>;
export type StoppedShares = z.infer<typeof stoppedShares>;
export type Gap = z.infer<typeof gap>;
export type GapsResult = z.infer<typeof gapsResult>;
