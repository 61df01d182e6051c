/** The job's ruleset: five live rules. */

import type { RulesetFile } from "../../schemas/bundle/ruleset.js";
import { LIMITS } from "./job.js";

const live = { version: 1, mode: "live", severity: "high" } as const;

export const SWIPE_5_RULESET: RulesetFile = {
  name: "swipe-5",
  version: "1",
  traceCodeReuseAction: "review",
  rules: [
    { ...live, id: "S01", name: "LOST", params: {} },
    {
      ...live,
      id: "S02",
      name: "TRAVEL",
      params: { distanceKmMin: LIMITS.travelKmMin, speedKmhMax: LIMITS.travelKmhMax },
    },
    {
      ...live,
      id: "S03",
      name: "WRONG_PINS",
      params: { wrongMin: LIMITS.wrongPinsMin, windowMinutes: LIMITS.wrongPinsMinutes },
    },
    {
      ...live,
      id: "S04",
      name: "SPLIT",
      params: {
        limitFen: LIMITS.purchaseLimitFen,
        sharePercentMin: LIMITS.purchaseShareMin * 100,
        sharePercentMax: LIMITS.purchaseShareMax * 100,
        countMin: LIMITS.purchasesMin,
        sumPercentMin: LIMITS.purchasesSumMin * 100,
        windowMinutes: LIMITS.purchasesMinutes,
      },
    },
    {
      ...live,
      id: "S05",
      name: "FREQUENT",
      params: { countMin: LIMITS.swipesMin, windowMinutes: LIMITS.swipesMinutes },
    },
  ],
};
