/**
 * The job `swipe-5`: one JSON object a swipe in, one decision JSON out, five rules. What both sides of the
 * measurement share is the text of the job, nothing else: its schema, its limits and its decision.
 */

import * as z from "zod";

const word = z.string().regex(/^[\w-]{1,64}$/);
const short = z.string().min(1).max(8);
const long = z.string().min(1).max(32);

export const JOB_EVENT_TYPES = ["PURCHASE", "REGISTER", "QUERY"] as const;
export const JOB_PIN_RESULTS = ["OK", "FAIL"] as const;

/** Every constraint of a message; unknown keys are dropped. */
export const jobSwipe = z.object({
  eventId: word,
  eventTime: z.number().int().min(0),
  psnNo: z.string().regex(/^\d{18}$/),
  cardSn: long,
  fixmedinsCode: z.string().min(1).max(20),
  cityCode: z.string().length(6),
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  eventType: z.enum(JOB_EVENT_TYPES),
  acctPayFen: z.number().int().min(0),
  medfeeSumFen: z.number().int().min(0),
  pinResult: z.enum(JOB_PIN_RESULTS),
  insutype: short,
  medType: short,
  opter: long,
  devNo: long,
});
export type JobSwipe = z.infer<typeof jobSwipe>;

export const compiledJobSwipe = z.compile(jobSwipe, { strict: true });

/** The limits of the five rules; windows are closed at both ends. */
export const LIMITS = {
  travelKmMin: 100,
  travelKmhMax: 300,
  wrongPinsMin: 3,
  wrongPinsMinutes: 10,
  purchaseLimitFen: 50_000,
  purchaseShareMin: 0.5,
  purchaseShareMax: 1,
  purchasesMin: 3,
  purchasesSumMin: 1.5,
  purchasesMinutes: 30,
  swipesMin: 5,
  swipesMinutes: 60,
} as const;

/** In the order of a decision's `ruleHits`. */
export const JOB_RULES = ["LOST", "TRAVEL", "WRONG_PINS", "SPLIT", "FREQUENT"] as const;
export type JobRule = (typeof JOB_RULES)[number];
export type JobAction = "accept" | "review" | "challenge" | "reject";

export const JOB_ACTION_OF: Readonly<Record<JobRule, JobAction>> = {
  LOST: "reject",
  TRAVEL: "challenge",
  WRONG_PINS: "reject",
  SPLIT: "challenge",
  FREQUENT: "review",
};

/** The keys of a decision, in the order they are written. */
export interface JobDecision {
  readonly eventId: string;
  readonly psnNo: string;
  readonly action: JobAction;
  readonly ruleHits: readonly JobRule[];
  readonly decidedAt: number;
}

/** Persons are numbered; every hundredth has reported the card lost. */
export function psnNoOf(person: number): string {
  return `44030100${1_000_000_000 + person}`;
}

export function isLost(person: number): boolean {
  return person % 100 === 7;
}
