// City of a division code, place of a swipe, distances (rules 0.7 to 0.9).
import type { OracleWorld, RawSwipe } from "./types.js";

const ONE_CITY_PROVINCES = ["11", "12", "31", "50", "71", "81", "82"];
const COUNTY_CITY_PREFIXES = ["4190", "4290", "4690", "6590"];
const EARTH_RADIUS_KM = 6371.0;

/** The city of a code, or null where it is unknown. */
export function cityOf(world: OracleWorld, code: string): string | null {
  const province = code.slice(0, 2);
  if (!world.regions.has(province)) return null;
  if (ONE_CITY_PROVINCES.includes(province)) return province;
  if (code.length === 2) return null;
  if (COUNTY_CITY_PREFIXES.includes(code.slice(0, 4))) return code;
  return code.slice(0, 4);
}

/** Great circle in tenths of a kilometre, rounded: an integer, so that comparisons are exact. */
export function distanceTenthsKm(a: readonly [number, number], b: readonly [number, number]): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [lngA, latA] = a.map(radians) as [number, number];
  const [lngB, latB] = b.map(radians) as [number, number];
  const h =
    Math.sin((latB - latA) / 2) ** 2 + Math.cos(latA) * Math.cos(latB) * Math.sin((lngB - lngA) / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h))) * 10);
}

export function placeOf(world: OracleWorld, swipe: RawSwipe): readonly [number, number] | null {
  if (swipe.longitude !== undefined && swipe.latitude !== undefined) return [swipe.longitude, swipe.latitude];
  if (swipe.careRegion.length === 6) {
    const county = world.regions.get(swipe.careRegion);
    if (county !== undefined) return county;
  }
  const city = cityOf(world, swipe.careRegion);
  return city === null ? null : (world.regions.get(city) ?? null);
}

export function areAdjacent(world: OracleWorld, cityA: string, cityB: string): boolean {
  const listed = world.adjacentPairs.some(
    ([a, b]) => (a === cityA && b === cityB) || (a === cityB && b === cityA),
  );
  if (listed) return true;
  const a = world.regions.get(cityA);
  const b = world.regions.get(cityB);
  return a !== undefined && b !== undefined && distanceTenthsKm(a, b) < 1000;
}
