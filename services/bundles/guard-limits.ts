/** When the guard objects: shares of the last day under a version, beside those of what runs. Pure. */

import type { GuardVerdict } from "./guard.js";

/** More rejections than this, or more challenges, and a third person has to look. */
export const SHARE_MAX = 0.01;
/** So many times what the running bundle does. */
export const TIMES_MAX = 2;
/** Below this, twice is chance: three swipes instead of one. */
const MORE_MIN = 10;
/** One swipe in a hundred is ten of so many; of fewer, single swipes would decide. */
export const SWIPES_MIN = 1_000;
const RULES_NAMED_MAX = 3;

const STOPS = ["reject", "challenge"] as const;
type Stop = (typeof STOPS)[number];

/** Of the last day, judged again. */
export interface LastDayShares {
  readonly swipes: number;
  /** How many were answered so. */
  readonly running: Readonly<Record<Stop, number>>;
  readonly draft: Readonly<Record<Stop, number>>;
  /** Rule → swipes in which it asks for more than before. */
  readonly gained: Readonly<Record<string, number>>;
}

export function guardVerdict(shares: LastDayShares): GuardVerdict {
  const { swipes, running, draft } = shares;
  const numbers = {
    swipes,
    rejectShare: shareOf(draft.reject, swipes),
    runningRejectShare: shareOf(running.reject, swipes),
    challengeShare: shareOf(draft.challenge, swipes),
    runningChallengeShare: shareOf(running.challenge, swipes),
  };
  if (swipes < SWIPES_MIN)
    return {
      result: "objection",
      text: `too little to judge by: the journal's last day has ${swipes} swipes, ${SWIPES_MIN} are needed`,
      numbers,
    };
  const against = STOPS.flatMap((stop) => objectionTo(stop, shares));
  const compared = STOPS.map(
    (stop) => `${stop} ${percent(draft[stop], swipes)} (running ${percent(running[stop], swipes)})`,
  ).join(", ");
  const day = `on the journal's last day, ${swipes} swipes: ${compared}`;
  if (against.length === 0) return { result: "ok", text: day, numbers };
  return { result: "objection", text: `${day}; ${against.join("; ")}${gainedMost(shares)}`, numbers };
}

function objectionTo(stop: Stop, { swipes, running, draft }: LastDayShares): readonly string[] {
  const [now, then] = [running[stop], draft[stop]];
  if (then <= now) return [];
  const reasons: string[] = [];
  if (then > swipes * SHARE_MAX) reasons.push(`more than ${SHARE_MAX * 100} % of swipes`);
  if (then > now * TIMES_MAX && then - now >= MORE_MIN)
    reasons.push(`more than ${TIMES_MAX} times what runs`);
  return reasons.length === 0 ? [] : [`${stop}: ${reasons.join(" and ")}`];
}

function gainedMost({ gained }: LastDayShares): string {
  const most = Object.entries(gained)
    .filter(([, count]) => count > 0)
    .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
    .slice(0, RULES_NAMED_MAX)
    .map(([rule, count]) => `${rule} (${count} swipes)`);
  return most.length === 0 ? "" : `; most by ${most.join(", ")}`;
}

const shareOf = (count: number, swipes: number) =>
  swipes === 0 ? 0 : Math.round((count / swipes) * 1e6) / 1e6;

const percent = (count: number, swipes: number) => `${(shareOf(count, swipes) * 100).toFixed(2)} %`;
