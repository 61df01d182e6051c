/** The breaker's settings, the same in every profile. */

import { oneOf, wholeNumber } from "../../platform/config/setting-kinds.js";
import type { SettingsOf, SettingsTable } from "../../platform/config/settings.js";
import { BREAKER_LIMITS, type BreakerLimits } from "../../services/bundles/breaker-limits.js";

const COUNT_MAX = 1_000_000;
const TIMES_MAX = 1_000;
const PERCENT = 100;

export const BREAKER_SETTINGS = {
  breaker: {
    option: "breaker",
    variable: "KADUN_BREAKER",
    fallback: "on",
    help: "on: rules that run away are lowered to review",
    kind: oneOf(["on", "off"]),
  },
  breakerSwipesMin: {
    option: "breaker-swipes-min",
    variable: "KADUN_BREAKER_SWIPES_MIN",
    fallback: String(BREAKER_LIMITS.swipesMin),
    help: "fewer swipes within the window say nothing of a rule",
    kind: wholeNumber(1, COUNT_MAX),
  },
  breakerStopsMin: {
    option: "breaker-stops-min",
    variable: "KADUN_BREAKER_STOPS_MIN",
    fallback: String(BREAKER_LIMITS.stopsMin),
    help: "people that a rule stops within the window before it has run away",
    kind: wholeNumber(1, COUNT_MAX),
  },
  breakerSharePercent: {
    option: "breaker-share-percent",
    variable: "KADUN_BREAKER_SHARE_PERCENT",
    fallback: String(BREAKER_LIMITS.shareMax * PERCENT),
    help: "a rule that stops no more of the swipes has not run away",
    kind: wholeNumber(0, PERCENT),
  },
  breakerTimes: {
    option: "breaker-times",
    variable: "KADUN_BREAKER_TIMES",
    fallback: String(BREAKER_LIMITS.timesMax),
    help: "so many times its share under the bundle before is no runaway",
    kind: wholeNumber(1, TIMES_MAX),
  },
  breakerAnywayPercent: {
    option: "breaker-anyway-percent",
    variable: "KADUN_BREAKER_ANYWAY_PERCENT",
    fallback: String(BREAKER_LIMITS.shareAnyway * PERCENT),
    help: "more of the swipes is a runaway, whatever the share was before",
    kind: wholeNumber(1, PERCENT),
  },
} as const satisfies SettingsTable;

/** null where it is switched off. */
export function breakerLimitsOf(settings: SettingsOf<typeof BREAKER_SETTINGS>): BreakerLimits | null {
  if (settings.breaker === "off") return null;
  return {
    swipesMin: settings.breakerSwipesMin,
    stopsMin: settings.breakerStopsMin,
    shareMax: settings.breakerSharePercent / PERCENT,
    timesMax: settings.breakerTimes,
    shareAnyway: settings.breakerAnywayPercent / PERCENT,
  };
}
