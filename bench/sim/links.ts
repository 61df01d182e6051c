/**
 * Which numbers of a run turn out to be one person, and when the links come.
 *
 * Two kinds of runs. Calm: each link comes alone, everything is at rest before and after it, and what is sent under
 * any number of the person comes one after the other; then the run must come to the same bytes as without faults. Busy:
 * links, rings of them too, come in the midst of everything; what is under way together is ordered by chance, and the
 * run must lose and double nothing and make one person.
 */

import type { RawRecord } from "../../schemas/raw.js";
import type { Random } from "../city/random.js";
import { linkRecord, type SimPerson } from "./person-events.js";

const CALM_SHARE = 0.5;
const GROUPS_MAX = 4;
const GROUP = { min: 2, max: 3 } as const;
/** With as many status and fact records as a group has, a person record remembers them all. */
const LINKS_MAX = 4;

/** Numbers of one person, by index; who is in no group has one number only. */
export interface LinkGroup {
  readonly members: readonly number[];
  /** Of a busy run: the phase in which all its links come. */
  readonly phase: number;
}

export interface LinkPlan {
  readonly isCalm: boolean;
  readonly groups: readonly LinkGroup[];
}

export const NO_LINKS: LinkPlan = { isCalm: true, groups: [] };

/** Neighbours in the list of persons are one person. */
export function drawLinkPlan(random: Random, personCount: number, phaseCount: number): LinkPlan {
  const isCalm = random.chance(CALM_SHARE);
  const groups: LinkGroup[] = [];
  const wanted = random.whole(1, GROUPS_MAX);
  for (let next = 0; groups.length < wanted; ) {
    const size = random.whole(GROUP.min, GROUP.max);
    if (next + size > personCount) break;
    const members = Array.from({ length: size }, (_, index) => next + index);
    groups.push({ members, phase: random.whole(0, phaseCount - 1) });
    next += size;
  }
  return { isCalm, groups };
}

/** The links of one phase of a busy run. */
export function drawBusyLinks(members: readonly SimPerson[], random: Random): RawRecord[] {
  return drawLinks(members, random.whole(1, LINKS_MAX), random);
}

/** Links of one group, each of two of its numbers. */
export function drawLinks(members: readonly SimPerson[], count: number, random: Random): RawRecord[] {
  return Array.from({ length: count }, () => {
    const former = random.pick(members);
    const to = random.pick(members.filter((member) => member !== former));
    return linkRecord(former, to);
  });
}
