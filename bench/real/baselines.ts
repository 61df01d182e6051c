/** The simple detectors that each set was measured with first: what a rule must be compared to. */
import type { RawSwipe } from "../../schemas/raw.js";
import type { Baseline } from "./labelled-set.js";

const EARTH_RADIUS_KM = 6371;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The sets' clocks tick in seconds: two swipes in the same one are a second apart at most. */
const GAP_MIN_MS = 1000;

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function greatCircleKm(a: Point, b: Point): number {
  const north = radians(b.latitude - a.latitude) / 2;
  const east = radians(b.longitude - a.longitude) / 2;
  const chord =
    Math.sin(north) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}

function pointOf({ latitude, longitude }: RawSwipe): Point | null {
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : null;
}

/** 0 where a swipe has no coordinates. */
function distanceKm(a: RawSwipe, b: RawSwipe): number {
  const from = pointOf(a);
  const to = pointOf(b);
  return from === null || to === null ? 0 : greatCircleKm(from, to);
}

/** From the end of the holder's last transaction to the start of this one, whatever the distance. */
export function speedAbove(speedKmh: number): Baseline {
  return {
    name: `speed > ${speedKmh} km/h`,
    start: () => {
      const lastSettles = new Map<string, RawSwipe>();
      return (swipe) => {
        const last = lastSettles.get(swipe.personId);
        if (swipe.kind === "settle") lastSettles.set(swipe.personId, swipe);
        if (last === undefined || typeof swipe.originalEventId === "string") return false;
        const gapMs = Date.parse(swipe.occurredAt) - Date.parse(last.occurredAt);
        return distanceKm(last, swipe) / (Math.max(gapMs, GAP_MIN_MS) / HOUR_MS) > speedKmh;
      };
    },
  };
}

export function amountAbove(amountFen: number): Baseline {
  return { name: `amount > ${amountFen / 100}`, start: () => (swipe) => swipe.totalFen > amountFen };
}

/** The swipe that makes the count and every later one while it lasts; the first ones cannot be known yet. */
export function burst(limits: { swipesMin: number; windowMinutes: number }): Baseline {
  return {
    name: `>= ${limits.swipesMin} swipes in ${limits.windowMinutes} min`,
    start: () => {
      const recentTimes = new Map<string, number[]>();
      return (swipe) => {
        const nowMs = Date.parse(swipe.occurredAt);
        const kept = (recentTimes.get(swipe.personId) ?? []).filter(
          (timeMs) => nowMs - timeMs <= limits.windowMinutes * MINUTE_MS,
        );
        kept.push(nowMs);
        recentTimes.set(swipe.personId, kept);
        return kept.length >= limits.swipesMin;
      };
    },
  };
}

export function accountEmptied(): Baseline {
  return { name: "amount = balance", start: () => (swipe) => swipe.totalFen === swipe.balanceBeforeFen };
}
