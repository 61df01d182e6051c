/** Division codes as names and points: what a reader can find on a map. */

import type { RegionEntry } from "../../../schemas/bundle/regions.js";
import type { CanonicalSwipe } from "../../../schemas/journal.js";

export type RegionTable = Readonly<Record<string, RegionEntry>>;

/** Where a point comes from. */
export const PLACE_BASES = ["swipe", "county", "city"] as const;
export type PlaceBasis = (typeof PLACE_BASES)[number];

export interface Place {
  /** Degrees. */
  readonly longitude: number;
  readonly latitude: number;
  readonly basis: PlaceBasis;
}

/** A name of the table that only groups counties: no reader needs it. */
const GROUPS: readonly string[] = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/** 安徽省宣城市郎溪县; the code itself where the table knows nothing of it. */
export function regionName(regions: RegionTable, code: string): string {
  const names = [2, 4, 6]
    .filter((length) => code.length >= length)
    .map((length) => regions[code.slice(0, length)]?.[0])
    .filter((name) => name !== undefined && !GROUPS.includes(name));
  return names.length === 0 ? code : [...new Set(names)].join("");
}

/** 宣城市: the city alone. */
export function cityName(regions: RegionTable, code: string): string {
  const city = regions[code.slice(0, 4)]?.[0];
  if (city !== undefined && !GROUPS.includes(city)) return city;
  return regions[code.slice(0, 2)]?.[0] ?? code;
}

/** 宣城市郎溪县: with the county where a point is the county's. */
export function townName(regions: RegionTable, code: string, basis: PlaceBasis): string {
  const city = cityName(regions, code);
  const county = basis === "county" ? regions[code]?.[0] : undefined;
  return county === undefined || county === city ? city : `${city}${county}`;
}

/** The swipe's own coordinates, else the centre of its county, else of its city (rules.md 0.9); null where neither is known. */
export function placeOf(
  regions: RegionTable,
  { longitude, latitude, careRegion }: Pick<CanonicalSwipe, "longitude" | "latitude" | "careRegion">,
): Place | null {
  if (longitude !== undefined && latitude !== undefined) return { longitude, latitude, basis: "swipe" };
  const county = careRegion.length === 6 ? regions[careRegion] : undefined;
  if (county !== undefined) return { longitude: county[1], latitude: county[2], basis: "county" };
  const city = regions[careRegion.slice(0, 4)] ?? regions[careRegion];
  return city === undefined ? null : { longitude: city[1], latitude: city[2], basis: "city" };
}
