/** Where a card was used, one use after the other: how far, how long, how fast. Pure. */

import type { ExplainedSwipe } from "../../../../../schemas/http/case-page.js";

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

export interface Stop {
  readonly eventId: string;
  readonly at: string;
  readonly place: Place;
  /** `terminal`: the swipe's own coordinates; `region`: the centre of its region. */
  readonly basis: "terminal" | "region";
  readonly careRegion: string;
  readonly institutionName: string;
  readonly action: NonNullable<ExplainedSwipe["decision"]>["action"] | null;
}

export interface Leg {
  readonly from: Stop;
  readonly to: Stop;
  readonly km: number;
  readonly minutes: number;
  /** null: no time lies between them. */
  readonly kmh: number | null;
  /** The judge found the journey too fast (R12). */
  readonly isTooFast: boolean;
}

/** Of the Earth's sphere. */
const RADIUS_KM = 6_371;
/** A city's width: nobody calls less a journey. */
const LEG_KM_MIN = 1;

/** @param swipes in any order. @returns those with a place, oldest first. */
export function stopsOf(
  swipes: readonly ExplainedSwipe[],
  centreOf: (region: string) => Place | null,
): readonly Stop[] {
  return swipes
    .flatMap((swipe) => {
      const { longitude, latitude } = swipe;
      const own = longitude === null || latitude === null ? null : { longitude, latitude };
      const place = own ?? centreOf(swipe.careRegion);
      if (place === null || swipe.kind === "cancel" || swipe.kind === "reverse") return [];
      const { eventId, at, careRegion, institutionName, institutionId } = swipe;
      const basis = own === null ? ("region" as const) : ("terminal" as const);
      return [
        {
          eventId,
          at,
          place,
          basis,
          careRegion,
          institutionName: institutionName || institutionId,
          action: swipe.decision?.action ?? null,
        },
      ];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** From each stop to the next one at another place. */
export function legsOf(stops: readonly Stop[], tooFast: ReadonlySet<string>): readonly Leg[] {
  return stops.slice(1).flatMap((to, index) => {
    const from = stops[index]!;
    const km = kmBetween(from.place, to.place);
    if (km < LEG_KM_MIN) return [];
    const minutes = (Date.parse(to.at) - Date.parse(from.at)) / 60_000;
    return [
      {
        from,
        to,
        km,
        minutes,
        kmh: minutes === 0 ? null : (km * 60) / minutes,
        isTooFast: tooFast.has(pairOf(from.eventId, to.eventId)),
      },
    ];
  });
}

/** Pairs that R12 names: the swipe and the other one that it rests on. */
export function tooFastPairs(swipes: readonly ExplainedSwipe[]): ReadonlySet<string> {
  return new Set(
    swipes.flatMap(({ eventId, explained }) =>
      explained
        .filter(({ rule, mode }) => rule === "R12" && mode === "live")
        .flatMap(({ evidence }) => evidence.map((other) => pairOf(eventId, other))),
    ),
  );
}

export function kmBetween(a: Place, b: Place): number {
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const chord =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}
