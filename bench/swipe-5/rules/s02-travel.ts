/** TRAVEL: too far from the previous swipe for the time between them. */

import * as z from "zod";
import type { Judging } from "../../../services/detector/judging.js";
import { NONE } from "../../../services/detector/person/kept-swipes.js";
import { defineRule, Rank } from "../../../services/detector/rules/rule.js";

const params = z.strictObject({
  distanceKmMin: z.number().min(100).max(5000),
  speedKmhMax: z.number().min(1).max(2000),
});
type Params = z.infer<typeof params>;

const HOUR_MS = 3_600_000;
const EARTH_RADIUS_KM = 6371.0;
const RADIANS_PER_MICRODEGREE = Math.PI / 180 / 1e6;
/** 0.6° both ways are 94.4 km at most, less than the smallest limit: no trigonometry for nearly all swipes. */
const NEAR_E6 = 600_000;

export const rule = defineRule<Params>({
  id: "S02",
  name: "TRAVEL",
  judges: ["settle"],
  judgesLinked: true,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.CHALLENGE],
  about: { sees: "Two settles too far apart for the time between them.", basis: "The comparison swipe-5." },
  explain: {
    "zh-CN": (facts) => `与上一次刷卡相距${facts.distanceKm}公里，时速超过${facts.speedKmhMax}公里。`,
    en: (facts) => `${facts.distanceKm} km from the previous swipe, faster than ${facts.speedKmhMax} km/h.`,
  },
  evaluate(judging, given) {
    const previous = judging.earlier.at(0);
    if (previous === NONE || isNear(judging, previous)) return null;
    const distanceKm = distanceKmTo(judging, previous);
    const hours = judging.age(previous) / HOUR_MS;
    // Two swipes of one millisecond: infinitely fast.
    if (distanceKm < given.distanceKmMin || distanceKm / hours <= given.speedKmhMax) return null;
    return {
      action: Rank.CHALLENGE,
      facts: { distanceKm: Math.round(distanceKm), speedKmhMax: given.speedKmhMax },
      evidence: [judging.person.settles.eventId(previous)],
    };
  },
});

function isNear({ swipe, person }: Judging, previous: number): boolean {
  return (
    Math.abs(person.settles.longitudeE6(previous) - swipe.longitudeE6) < NEAR_E6 &&
    Math.abs(person.settles.latitudeE6(previous) - swipe.latitudeE6) < NEAR_E6
  );
}

/** The great circle (haversine). */
function distanceKmTo({ swipe, person: { settles } }: Judging, previous: number): number {
  const latitude = settles.latitudeE6(previous) * RADIANS_PER_MICRODEGREE;
  const sinLatitude = Math.sin((swipe.latitudeE6 * RADIANS_PER_MICRODEGREE - latitude) / 2);
  const sinLongitude = Math.sin(
    ((swipe.longitudeE6 - settles.longitudeE6(previous)) * RADIANS_PER_MICRODEGREE) / 2,
  );
  const chord =
    sinLatitude * sinLatitude +
    Math.cos(latitude) * Math.cos(swipe.latitudeE6 * RADIANS_PER_MICRODEGREE) * sinLongitude * sinLongitude;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}
