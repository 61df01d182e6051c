/**
 * Cities a person has shown to live in (rules.md 0.8): approved counted settles on two calendar days before
 * today, seen within 180 days. Settles still kept speak for themselves, so that a cancel or a revision takes
 * their part back; of those that left the 64, this section remembers the days (they can no longer change).
 *
 * Entry: u32 city, u16 first day, u16 second day (0: none), u16 last day (days since 1970), 2 spare.
 * When full (8), the least recently seen city is dropped, those seen on one day only first.
 */

import { dayOf } from "../../../schemas/working-calendar.js";
import type { RegionTable } from "../place/region.js";
import { Entries } from "./entries.js";
import { type KeptSwipes, NONE } from "./kept-swipes.js";
import { BYTES_CITY, CITIES_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

const LEARNT_DAYS_MAX = 180;
const APPROVE = 0;

/** The settles that speak for themselves. */
export interface KeptSettles {
  readonly settles: KeptSwipes;
  /** The settle whose place the judged one takes, or NONE. */
  readonly except: number;
  readonly regions: RegionTable;
}

interface CitySightings {
  readonly city: number;
  /** Distinct days before today, counted up to two. */
  daysBefore: number;
  firstDay: number;
  lastDay: number;
}

export class LearntCities extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.CITIES, BYTES_CITY, CITIES_MAX);
  }

  /** A counted, approved settle left the kept ones. */
  remember(city: number, day: number): void {
    const { view } = this.record;
    for (let index = 0; index < this.count(); index++) {
      const entry = this.absolute(index);
      if (view.getUint32(entry, true) !== city) continue;
      this.addDay(entry, day);
      return;
    }
    if (this.count() === CITIES_MAX) this.remove(this.leastRecent());
    const entry = this.insert(this.count());
    this.record.view.setUint32(entry, city, true);
    this.record.view.setUint16(entry + 4, day, true);
    this.record.view.setUint16(entry + 8, day, true);
  }

  /** Remembers what another section does. */
  takeAll(other: LearntCities): void {
    const { view } = other.record;
    for (let index = 0; index < other.count(); index++) {
      const entry = other.absolute(index);
      for (const offset of [4, 6, 8]) {
        const day = view.getUint16(entry + offset, true);
        if (day !== 0) this.remember(view.getUint32(entry, true), day);
      }
    }
  }

  /** Has the person shown to live in `city`, seen from the day `today`? */
  isLearnt(city: number, today: number, kept: KeptSettles): boolean {
    const sightings = this.sightings(today, kept);
    const own = sightings.find((sighting) => sighting.city === city);
    return own !== undefined && isAmongLearnt(own, sightings, today);
  }

  /** All of them. */
  learnt(today: number, kept: KeptSettles): number[] {
    const sightings = this.sightings(today, kept);
    return sightings
      .filter((sighting) => isAmongLearnt(sighting, sightings, today))
      .map((sighting) => sighting.city);
  }

  /** Is any city learnt? */
  hasLearnt(today: number, kept: KeptSettles): boolean {
    return this.sightings(today, kept).some((sighting) => qualifies(sighting, today));
  }

  private sightings(today: number, { settles, except, regions }: KeptSettles): CitySightings[] {
    const sightings: CitySightings[] = [];
    const { view } = this.record;
    for (let index = 0; index < this.count(); index++) {
      const entry = this.absolute(index);
      const city = view.getUint32(entry, true);
      for (const offset of [4, 6, 8]) {
        const day = view.getUint16(entry + offset, true);
        if (day !== 0) see(sightings, city, day, today);
      }
    }
    for (let at = settles.oldest(); at !== NONE; at = settles.after(at)) {
      if (at === except || !settles.isCounted(at) || settles.action(at) !== APPROVE) continue;
      const city = regions.cityOf(settles.region(at));
      if (city !== 0) see(sightings, city, dayOf(settles.t(at)), today);
    }
    return sightings;
  }

  /** Keeps the two earliest distinct days and the latest one. */
  private addDay(entry: number, day: number): void {
    const { view } = this.record;
    const first = view.getUint16(entry + 4, true);
    const second = view.getUint16(entry + 6, true);
    if (day < first) {
      view.setUint16(entry + 4, day, true);
      view.setUint16(entry + 6, first, true);
    } else if (day > first && (second === 0 || day < second)) view.setUint16(entry + 6, day, true);
    if (day > view.getUint16(entry + 8, true)) view.setUint16(entry + 8, day, true);
  }

  private leastRecent(): number {
    let least = 0;
    for (let index = 1; index < this.count(); index++) if (this.isLesser(index, least)) least = index;
    return least;
  }

  /** Cities seen on one day only are no learnt ones: they go before those that are. */
  private isLesser(index: number, than: number): boolean {
    const { view } = this.record;
    const isOnce = (each: number) => view.getUint16(this.absolute(each) + 6, true) === 0;
    if (isOnce(index) !== isOnce(than)) return isOnce(index);
    return this.lastDay(index) < this.lastDay(than);
  }

  private lastDay(index: number): number {
    return this.record.view.getUint16(this.absolute(index) + 8, true);
  }
}

/** Days up to today tell when a city was last seen, days before today whether it was seen on two. */
function see(sightings: CitySightings[], city: number, day: number, today: number): void {
  if (day > today) return;
  let sighting = sightings.find((known) => known.city === city);
  if (sighting === undefined) {
    sighting = { city, daysBefore: 0, firstDay: 0, lastDay: day };
    sightings.push(sighting);
  }
  sighting.lastDay = Math.max(sighting.lastDay, day);
  if (day === today) return;
  if (sighting.daysBefore === 0) sighting.firstDay = day;
  if (sighting.daysBefore === 0 || (sighting.daysBefore === 1 && day !== sighting.firstDay))
    sighting.daysBefore++;
}

/** The eight seen last are kept. */
function isAmongLearnt(own: CitySightings, sightings: readonly CitySightings[], today: number): boolean {
  if (!qualifies(own, today)) return false;
  if (sightings.length <= CITIES_MAX) return true;
  const moreRecent = sightings.filter(
    (other) => other !== own && qualifies(other, today) && other.lastDay > own.lastDay,
  );
  return moreRecent.length < CITIES_MAX;
}

function qualifies(sighting: CitySightings, today: number): boolean {
  return sighting.daysBefore >= 2 && today - sighting.lastDay <= LEARNT_DAYS_MAX;
}
