/** What R01–R07 share: the lives of the swiped card and the in-stay exemption. */

import { foldLossLife, type LossLife } from "../card/loss-life.js";
import type { Judging } from "../judging.js";
import { Section } from "../person/layout.js";
import { Kind } from "../swipe.js";

export function lossLifeOf(judging: Judging): LossLife {
  return foldLossLife(judging.events(), judging.identity());
}

/**
 * In-stay exemption (rules.md 1): the bill of an in-patient stay that began before the block, settled at the
 * hospital of the stay, is not rejected. No upper end: bills come after the stay.
 */
export function isExemptByStay(judging: Judging, blockStartMs: number): boolean {
  const { swipe, person } = judging;
  if (swipe.kind !== Kind.SETTLE || !swipe.inPatientVisit) return false;
  if (person.record.size(Section.FACTS) === 0) return false;
  const stay = person.facts.stay();
  if (stay === null || stay.institution !== swipe.institution) return false;
  return swipe.t >= stay.fromMs && stay.fromMs < blockStartMs;
}
