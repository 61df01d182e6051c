/** R12: two swipes of one person too far apart for the time between them. Basis: patent CN108389052B. */

import * as z from "zod";
import type { Judging } from "../judging.js";
import { NONE } from "../person/kept-swipes.js";
import { distanceTenthsKm } from "../place/region.js";
import { CredentialId, PLACE_NONE } from "../swipe.js";
import { defineRule, type Hit, PURCHASE_KINDS, Rank } from "./rule.js";
import { tenths } from "./wording.js";

const params = z.strictObject({
  distanceKmMin: z.number().min(1).max(5000),
  speedKmhMax: z.number().min(1).max(2000),
  gapMinutesMin: z.number().int().min(1).max(1440),
});
type Params = z.infer<typeof params>;

export const rule = defineRule<Params>({
  id: "R12",
  name: "IMPOSSIBLE_TRAVEL",
  judges: PURCHASE_KINDS,
  judgesLinked: false,
  isUnconditional: false,
  reads: ["swipes"],
  params,
  finds: [Rank.REVIEW, Rank.CHALLENGE],
  also: { rules: ["R03", "R08", "R09"], action: Rank.REJECT },
  about: {
    sees: "Two uses so far apart in place and so near in time that one person cannot have made both.",
    basis:
      "Speed between consecutive transactions (patent CN108389052B); 300 km/h is above door-to-door travel by air.",
  },
  explain: {
    "zh-CN": (facts) =>
      `与另一次刷卡相距${facts.distanceKm}公里、相隔${facts.gapMinutes}分钟，需时速${facts.speedKmh}公里（上限${facts.speedKmhMax}公里）。请出示身份证核验；有一次不是您本人，请拨12393挂失。`,
    en: (facts) =>
      `${facts.distanceKm} km from another swipe ${facts.gapMinutes} min apart: ${facts.speedKmh} km/h (limit ${facts.speedKmhMax}).`,
  },
  evaluate(judging, given) {
    const { swipe } = judging;
    if (!travels(swipe.credential) || swipe.careCity === 0 || swipe.longitudeE6 === PLACE_NONE) return null;
    const before = nearestBefore(judging);
    const after = nearestAfter(judging);
    const first = before === NONE ? null : travelHit(judging, before, given);
    const second = after === NONE ? null : travelHit(judging, after, given);
    if (first === null || second === null) return first ?? second;
    const stronger = second.action > first.action ? second : first;
    return { ...stronger, evidence: [...first.evidence, ...second.evidence] };
  },
});

function travels(credential: number): boolean {
  return credential <= CredentialId.E_CREDENTIAL;
}

/** The nearest counted settle at or before t. */
function nearestBefore({ earlier, person }: Judging): number {
  let newer = 0;
  while (earlier.at(newer) !== NONE && !travels(person.settles.credential(earlier.at(newer)))) newer++;
  return earlier.at(newer);
}

/** The nearest counted settle after t. */
function nearestAfter(judging: Judging): number {
  const { settles } = judging.person;
  let after = NONE;
  for (let at = settles.newest(); at !== NONE && settles.t(at) > judging.t; at = settles.before(at))
    if (judging.isCountedSettle(at) && travels(settles.credential(at))) after = at;
  return after;
}

function travelHit(judging: Judging, at: number, given: Params): Hit | null {
  const { swipe, bundle } = judging;
  const { settles } = judging.person;
  if (isSurelyNear(judging, at)) return null;
  const city = bundle.regions.cityOf(settles.region(at));
  if (city === 0 || city === swipe.careCity || settles.longitudeE6(at) === PLACE_NONE) return null;
  const distance = distanceTenthsKm(
    { longitude: swipe.longitudeE6 / 1e6, latitude: swipe.latitudeE6 / 1e6 },
    { longitude: settles.longitudeE6(at) / 1e6, latitude: settles.latitudeE6(at) / 1e6 },
  );
  const gapMs = Math.max(Math.abs(judging.age(at)), given.gapMinutesMin * 60_000);
  // km ÷ hours > limit, in whole tenths of km and milliseconds: exact
  if (distance < given.distanceKmMin * 10 || distance * 360_000 <= given.speedKmhMax * gapMs) return null;
  const isPhysical =
    swipe.credential !== CredentialId.E_CREDENTIAL && settles.credential(at) !== CredentialId.E_CREDENTIAL;
  return {
    action: isPhysical ? Rank.CHALLENGE : Rank.REVIEW,
    facts: {
      distanceKm: tenths(distance),
      distanceKmMin: given.distanceKmMin,
      gapMinutes: Math.round(Math.abs(judging.age(at)) / 60_000),
      gapMinutesMin: given.gapMinutesMin,
      speedKmh: Math.round((distance * 360_000) / gapMs),
      speedKmhMax: given.speedKmhMax,
      bothPhysical: isPhysical,
    },
    evidence: [settles.eventId(at)],
  };
}

/** Less than 1 km even at the equator: no distance a parameter may ask for, and no trigonometry. */
const NEAR_E6 = 4_000;

function isSurelyNear(judging: Judging, at: number): boolean {
  const { settles } = judging.person;
  return (
    Math.abs(settles.longitudeE6(at) - judging.swipe.longitudeE6) < NEAR_E6 &&
    Math.abs(settles.latitudeE6(at) - judging.swipe.latitudeE6) < NEAR_E6
  );
}
