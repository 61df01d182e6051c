/**
 * What the rule engines of the comparison share: each gets the facts that plain Node's state gives, and answers with the
 * names of rules that hit; reading the message, state and decision are the same code for all of them.
 */

import {
  JOB_ACTION_OF,
  JOB_RULES,
  type JobAction,
  type JobDecision,
  type JobRule,
  type JobSwipe,
} from "../../swipe-5/job.js";
import { type JobFacts, PlainState } from "../plain-node/state.js";

const RANK: Readonly<Record<JobAction, number>> = { accept: 0, review: 1, challenge: 2, reject: 3 };

/** Names of the rules that hit, in any order. */
export type RuleEngine = (facts: JobFacts) => readonly JobRule[] | Promise<readonly JobRule[]>;

export interface Peer {
  /** Takes a swipe into the state without answering it. */
  ingest(swipe: JobSwipe): void;
  /** One message in, one decision out. */
  handle(bytes: Buffer, nowMs: number): Uint8Array | Promise<Uint8Array>;
}

export function rulePeer(persons: number, hitsOf: RuleEngine): Peer {
  const state = new PlainState(persons);
  return {
    ingest: (swipe) => void state.factsOf(swipe),
    handle(bytes, nowMs) {
      const swipe = JSON.parse(bytes.toString()) as JobSwipe;
      const hits = hitsOf(state.factsOf(swipe));
      // Who answers at once does not pay for a promise.
      if (hits instanceof Promise) return hits.then((rules) => decisionBytes(swipe, rules, nowMs));
      return decisionBytes(swipe, hits, nowMs);
    },
  };
}

function decisionBytes({ eventId, psnNo }: JobSwipe, hits: readonly JobRule[], decidedAt: number): Buffer {
  const ruleHits = hits.length > 1 ? JOB_RULES.filter((rule) => hits.includes(rule)) : hits;
  let action: JobAction = "accept";
  for (const hit of ruleHits) if (RANK[JOB_ACTION_OF[hit]] > RANK[action]) action = JOB_ACTION_OF[hit];
  const decision: JobDecision = { eventId, psnNo, action, ruleHits, decidedAt };
  return Buffer.from(JSON.stringify(decision));
}
