/** What the door's limits leave to somebody who guesses: pure arithmetic, quoted in docs/citizen-pages.md. */

import { CODE_DIGITS, DOOR_LIMITS, TRIES_MAX } from "./door-limits.js";

/** 32 signs in 8 places. */
export const CASE_CODES = 32 ** 8;
/** 1,000 endings with a digit, 1,000 × 1/10 more with an X: the check sign is one of 11. */
export const ID_ENDINGS = 11_000;
export const ONE_TIME_CODES = 10 ** CODE_DIGITS;
const DAYS_OF_YEAR = 365;

export interface AttackOdds {
  /** That one entry names a case there is. */
  readonly codeHit: number;
  /** Entries a day over all addresses, as the limits let them. */
  readonly entriesPerDay: number;
  /** Cases that are named by guessing, a year. The page does not tell which entries those are. */
  readonly casesNamedPerYear: number;
  /** Doors opened a year by guessing code, ID ending and one-time code. */
  readonly openedPerYear: number;
  /** Doors opened a year of one case whose code is known: ID ending and one-time code are guessed. */
  readonly openedPerYearCodeKnown: number;
  /** The same where the ID ending is known too. */
  readonly openedPerYearBothKnown: number;
}

/** @param attack cases that are open, and from how many addresses it is tried. */
export function attackOdds(attack: { readonly cases: number; readonly addresses: number }): AttackOdds {
  const codeHit = attack.cases / CASE_CODES;
  // Whoever tries more than a few unknown codes an hour brings the pressure on: from then on each address has less.
  const windowsPerDay = DOOR_LIMITS.wrongDay.windowMs / DOOR_LIMITS.addressPressed.windowMs;
  const free = attack.addresses * DOOR_LIMITS.addressDay.max;
  const pressed =
    attack.addresses * DOOR_LIMITS.addressPressed.max * windowsPerDay + 24 * DOOR_LIMITS.unknownHour.max;
  const entriesPerDay = Math.min(free, pressed);
  const guessed = TRIES_MAX / ONE_TIME_CODES;
  const casesNamedPerYear = entriesPerDay * DAYS_OF_YEAR * codeHit;
  const wrongPerYear = DOOR_LIMITS.wrongDay.max * DAYS_OF_YEAR;
  const openedPerYearBothKnown = wrongPerYear / ONE_TIME_CODES;
  return {
    codeHit,
    entriesPerDay,
    casesNamedPerYear,
    openedPerYear: (casesNamedPerYear / ID_ENDINGS) * guessed,
    openedPerYearCodeKnown: openedPerYearBothKnown / ID_ENDINGS,
    openedPerYearBothKnown,
  };
}
