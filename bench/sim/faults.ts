/** Which faults a run gets and how often: drawn once per seed, so that some runs have one kind in plenty. */

import type { Random } from "../city/random.js";

/** Shares of the steps at which something goes wrong. */
export interface FaultRates {
  /** The process ends here; what it had under way may still land. */
  readonly kill: number;
  /** The process stands still while a successor takes over, then goes on (a zombie). */
  readonly pause: number;
  /** The step fails and has done nothing. */
  readonly fail: number;
  /** The step was done and its acknowledgement fails. */
  readonly lose: number;
  /** Only the first entries of an append land. */
  readonly cut: number;
  /** The step waits long: others overtake it. */
  readonly delay: number;
  /** The state store goes back to an older state. */
  readonly failover: number;
}

export const NO_FAULTS: FaultRates = { kill: 0, pause: 0, fail: 0, lose: 0, cut: 0, delay: 0, failover: 0 };

/** A run has some 1,500 steps: a few faults of each kind, and time to recover between them. */
const HIGHEST: FaultRates = {
  kill: 0.012,
  pause: 0.008,
  fail: 0.015,
  lose: 0.03,
  cut: 0.05,
  delay: 0.1,
  failover: 0.006,
};
/** Kills and pauses of one run; each costs a takeover. */
export const ENDINGS_MAX = 14;
/** Changes of all partitions that a failover loses at most. */
export const LOST_CHANGES_MAX = 25;
const KIND_SHARE = 0.7;

export function drawFaultRates(random: Random): FaultRates {
  const rate = (highest: number) => (random.chance(KIND_SHARE) ? random.between(highest / 8, highest) : 0);
  return {
    kill: rate(HIGHEST.kill),
    pause: rate(HIGHEST.pause),
    fail: rate(HIGHEST.fail),
    lose: rate(HIGHEST.lose),
    cut: rate(HIGHEST.cut),
    delay: rate(HIGHEST.delay),
    failover: rate(HIGHEST.failover),
  };
}
