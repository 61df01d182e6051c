/**
 * Where it was swiped, as few enough places to draw: swipes at one point are one place, and points that are too many are
 * put together on a coarser grid.
 *
 * Memory: at most PLACES_MAX places and the ways between them.
 */

import { type PlaceBasis, type RegionTable, townName } from "./places.js";
import type { Transaction } from "./transaction.js";

/** More cannot be told apart on a page. */
export const PLACES_MAX = 40;
/** Numbers told of a place, as ranges. */
const RANGES_MAX = 4;
/** Degrees: some 100 m. */
const GRID_FINEST = 0.001;

export interface MapPlace {
  readonly longitude: number;
  readonly latitude: number;
  readonly name: string;
  readonly basis: PlaceBasis;
  swipes: number;
  /** [first, last] of numbers that follow one another; the first ones. */
  readonly ranges: (readonly [number, number])[];
  hasMoreRanges: boolean;
}

export class MapPlaces {
  unplaced = 0;
  private grid = GRID_FINEST;
  private places = new Map<string, MapPlace>();
  /** `from to` by key of the place, in the order in which they were first gone. */
  private ways = new Set<string>();
  private last: string | null = null;

  constructor(private readonly regions: RegionTable) {}

  add({ swipe, place }: Transaction, number: number): void {
    if (place === null) {
      this.unplaced++;
      return;
    }
    const key = this.keyOf(place);
    const known = this.places.get(key);
    if (known !== undefined) addNumber(known, number);
    else {
      const name = townName(this.regions, swipe.careRegion, place.basis);
      this.places.set(key, { ...place, name, swipes: 1, ranges: [[number, number]], hasMoreRanges: false });
    }
    if (this.last !== null && this.last !== key) this.ways.add(`${this.last} ${key}`);
    this.last = key;
    while (this.places.size > PLACES_MAX) this.coarsen();
  }

  all(): readonly MapPlace[] {
    return [...this.places.values()];
  }

  /** From one to the next in time, each way once. */
  allWays(): readonly (readonly [MapPlace, MapPlace])[] {
    return [...this.ways].map((way) => {
      const [from = "", to = ""] = way.split(" ");
      return [this.places.get(from)!, this.places.get(to)!] as const;
    });
  }

  private keyOf({ longitude, latitude }: { readonly longitude: number; readonly latitude: number }): string {
    return `${Math.round(longitude / this.grid)},${Math.round(latitude / this.grid)}`;
  }

  private coarsen(): void {
    this.grid *= 2;
    const [before, newKeys] = [this.places, new Map<string, string>()];
    this.places = new Map();
    for (const [oldKey, place] of before) {
      const key = this.keyOf(place);
      newKeys.set(oldKey, key);
      const known = this.places.get(key);
      if (known === undefined) this.places.set(key, place);
      else join(known, place);
    }
    const ways = [...this.ways].map((way) => way.split(" ").map((key) => newKeys.get(key)!));
    this.ways = new Set(ways.filter(([from, to]) => from !== to).map((way) => way.join(" ")));
    this.last = this.last === null ? null : newKeys.get(this.last)!;
  }
}

function addNumber(place: MapPlace, number: number): void {
  place.swipes++;
  const last = place.ranges.at(-1)!;
  if (!place.hasMoreRanges && last[1] === number - 1)
    place.ranges[place.ranges.length - 1] = [last[0], number];
  else if (place.ranges.length < RANGES_MAX) place.ranges.push([number, number]);
  else place.hasMoreRanges = true;
}

function join(into: MapPlace, place: MapPlace): void {
  into.swipes += place.swipes;
  const ranges = [...into.ranges, ...place.ranges].sort(([a], [b]) => a - b);
  into.hasMoreRanges ||= place.hasMoreRanges || ranges.length > RANGES_MAX;
  into.ranges.splice(0, into.ranges.length, ...ranges.slice(0, RANGES_MAX));
}
