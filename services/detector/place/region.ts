/**
 * Division codes as numbers, their cities and their places (rules.md 0.7, 0.9).
 *
 * A region is packed into one integer, `value * 8 + digits`, so that 11, 1100 and 110000 stay different
 * and a person record holds it in four bytes. 0 means "none" or "unknown".
 */
import type { Regions } from "../../../schemas/bundle/regions.js";

export type PackedRegion = number;
export const REGION_NONE: PackedRegion = 0;

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

const MUNICIPALITIES_AND_SPECIAL_REGIONS = [11, 12, 31, 50, 71, 81, 82];
/** Counties under direct provincial administration: each of their six-digit codes is a city of its own. */
const DIRECT_COUNTY_PREFIXES = [4190, 4290, 4690, 6590];

/** How a province's codes name cities. */
const Cities = { UNKNOWN: 0, PREFECTURES: 1, ONE: 2 } as const;

/** Packs a code of 2, 4 or 6 digits; anything else is REGION_NONE. */
export function packRegion(code: string): PackedRegion {
  const length = code.length;
  if (length !== 2 && length !== 4 && length !== 6) return REGION_NONE;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = code.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return REGION_NONE;
    value = value * 10 + digit;
  }
  return value * 8 + length;
}

export function regionCode(region: PackedRegion): string {
  return region === REGION_NONE ? "" : String(region >>> 3).padStart(region & 7, "0");
}

/** The two-digit province of a region, as a number. */
export function provinceOf(region: PackedRegion): number {
  const value = region >>> 3;
  const length = region & 7;
  return length === 6 ? (value / 10_000) | 0 : length === 4 ? (value / 100) | 0 : value;
}

export class RegionTable {
  /** By province. */
  private readonly cities = new Uint8Array(100);
  private readonly places = new Map<PackedRegion, Place>();
  private readonly names = new Map<PackedRegion, string>();
  /** Pairs of cities that are adjacent by decree, both ways round. */
  private readonly adjacentPairs = new Set<number>();

  constructor(regions: Regions) {
    for (const province of regions.provinces.map(Number)) {
      const isOneCity = MUNICIPALITIES_AND_SPECIAL_REGIONS.includes(province);
      this.cities[province] = isOneCity ? Cities.ONE : Cities.PREFECTURES;
    }
    for (const [code, [name, longitude, latitude]] of Object.entries(regions.regions)) {
      this.names.set(packRegion(code), name);
      this.places.set(packRegion(code), { longitude, latitude });
    }
    for (const pair of regions.adjacentPairs) {
      const [a, b] = pair.map((code) => this.cityOf(packRegion(code))) as [PackedRegion, PackedRegion];
      this.adjacentPairs.add(pairOf(a, b)).add(pairOf(b, a));
    }
  }

  /** rules.md 0.7; REGION_NONE where the city is unknown. */
  cityOf(region: PackedRegion): PackedRegion {
    const province = provinceOf(region);
    const cities = this.cities[province];
    if (region === REGION_NONE || cities === Cities.UNKNOWN) return REGION_NONE;
    if (cities === Cities.ONE) return province * 8 + 2;
    const value = region >>> 3;
    const length = region & 7;
    if (length === 2) return REGION_NONE;
    if (length === 4) return region;
    const prefix = (value / 100) | 0;
    return prefix % 100 === 90 && DIRECT_COUNTY_PREFIXES.includes(prefix) ? region : prefix * 8 + 4;
  }

  /** The county's centre (six known digits), else the city's; null where neither is known. */
  placeOf(region: PackedRegion): Place | null {
    const county = (region & 7) === 6 ? this.places.get(region) : undefined;
    return county ?? this.places.get(this.cityOf(region)) ?? null;
  }

  /** Two known cities whose centres are less than 100 km apart, or that are listed as a pair (rules.md 0.8). */
  areAdjacent(a: PackedRegion, b: PackedRegion): boolean {
    if (this.adjacentPairs.has(pairOf(a, b))) return true;
    const [placeA, placeB] = [this.placeOf(a), this.placeOf(b)];
    if (placeA === null || placeB === null) return false;
    return distanceTenthsKm(placeA, placeB) < ADJACENT_TENTHS_KM;
  }

  /** A reader's name of a region or its city, or its code. */
  nameOf(region: PackedRegion): string {
    return this.names.get(region) ?? this.names.get(this.cityOf(region)) ?? regionCode(region);
  }
}

const tables = new WeakMap<Regions, RegionTable>();

/** Made once for each document: bundles with the same regions have the same table. */
export function regionTableOf(regions: Regions): RegionTable {
  const known = tables.get(regions);
  if (known !== undefined) return known;
  const table = new RegionTable(regions);
  tables.set(regions, table);
  return table;
}

/** Packed regions are below 2²³: both fit a double's 53 bits. */
function pairOf(a: PackedRegion, b: PackedRegion): number {
  return a * 2 ** 24 + b;
}

/** 100 km between the centres of adjacent cities, exclusive. */
const ADJACENT_TENTHS_KM = 1_000;
const EARTH_RADIUS_KM = 6371.0;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Great-circle distance in tenths of a kilometre, rounded (rules.md 0.9): an integer, so comparisons are exact. */
export function distanceTenthsKm(a: Place, b: Place): number {
  const halfLatitude = ((b.latitude - a.latitude) * RADIANS_PER_DEGREE) / 2;
  const halfLongitude = ((b.longitude - a.longitude) * RADIANS_PER_DEGREE) / 2;
  const sinLatitude = Math.sin(halfLatitude);
  const sinLongitude = Math.sin(halfLongitude);
  const chord =
    sinLatitude * sinLatitude +
    Math.cos(a.latitude * RADIANS_PER_DEGREE) *
      Math.cos(b.latitude * RADIANS_PER_DEGREE) *
      sinLongitude *
      sinLongitude;
  return Math.round(20 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord))));
}
