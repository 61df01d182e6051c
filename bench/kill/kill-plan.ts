/** Whom a kill hits and when: a function of the seed. The machine decides what is under way at that moment. */

import { Random } from "../city/random.js";

export type Victim = "swipe" | "office";

export interface PlannedKill {
  readonly victim: Victim;
  /** After both processes are up again. */
  readonly afterMs: number;
}

const KILL_STREAM = 77;

/** Both kinds occur wherever there are two kills. */
export function planKills(options: {
  readonly seed: number;
  readonly kills: number;
  readonly gapMeanMs: number;
}): PlannedKill[] {
  const random = Random.derived(options.seed, KILL_STREAM, 0);
  const victims = Array.from(
    { length: options.kills },
    (_, index): Victim =>
      index === 0 ? "swipe" : index === 1 ? "office" : random.chance(0.5) ? "swipe" : "office",
  );
  return random
    .shuffled(victims)
    .map((victim) => ({ victim, afterMs: Math.round(random.between(0, 2 * options.gapMeanMs)) }));
}
