/**
 * The reference of job `swipe-5`: JSON.parse, a Map of plain objects, five ifs, JSON.stringify. It trusts its
 * input: no message is validated.
 */

import {
  JOB_ACTION_OF,
  type JobAction,
  type JobDecision,
  type JobRule,
  type JobSwipe,
  LIMITS,
} from "../../swipe-5/job.js";
import { type JobFacts, PlainState } from "./state.js";

const RANK: Readonly<Record<JobAction, number>> = { accept: 0, review: 1, challenge: 2, reject: 3 };
const SUM_FEN_MIN = LIMITS.purchaseLimitFen * LIMITS.purchasesSumMin;

export class PlainNode {
  private readonly state: PlainState;

  constructor(persons: number) {
    this.state = new PlainState(persons);
  }

  /** Takes a swipe into the state without answering it. */
  ingest(swipe: JobSwipe): void {
    this.state.factsOf(swipe);
  }

  /** One message in, which stands in `bytes` from `start` up to `end`; one decision out. */
  handle(bytes: Buffer, nowMs: number, start = 0, end = bytes.length): Uint8Array {
    const swipe = JSON.parse(bytes.toString("utf8", start, end)) as JobSwipe;
    return decisionBytes(swipe, hitsOf(this.state.factsOf(swipe)), nowMs);
  }
}

function hitsOf(facts: JobFacts): JobRule[] {
  const hits: JobRule[] = [];
  if (facts.lost) hits.push("LOST");
  if (facts.distanceKm >= LIMITS.travelKmMin && facts.speedKmh > LIMITS.travelKmhMax) hits.push("TRAVEL");
  if (facts.wrongPins >= LIMITS.wrongPinsMin) hits.push("WRONG_PINS");
  if (facts.isPurchaseInRange && facts.purchases >= LIMITS.purchasesMin && facts.purchasesFen >= SUM_FEN_MIN)
    hits.push("SPLIT");
  if (facts.swipes >= LIMITS.swipesMin) hits.push("FREQUENT");
  return hits;
}

function decisionBytes({ eventId, psnNo }: JobSwipe, ruleHits: JobRule[], decidedAt: number): Buffer {
  let action: JobAction = "accept";
  for (const hit of ruleHits) if (RANK[JOB_ACTION_OF[hit]] > RANK[action]) action = JOB_ACTION_OF[hit];
  const decision: JobDecision = { eventId, psnNo, action, ruleHits, decidedAt };
  return Buffer.from(JSON.stringify(decision));
}
