/** Cities and counties of the seeded city, and the distance between two counties. */
import { CITY_ROWS, type CityRow } from "./place-table.js";

export interface County {
  readonly code: string;
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly city: City;
}

export interface City {
  readonly code: string;
  readonly name: string;
  readonly personsPercent: number;
  readonly worksIn: readonly string[];
  readonly counties: readonly County[];
}

export const CITIES: readonly City[] = CITY_ROWS.map(cityOf);

/** Cities in which persons are insured, in the order of the table. */
export const HOME_CITIES: readonly City[] = CITIES.filter((city) => city.personsPercent > 0);

export function cityByCode(code: string): City {
  const city = CITIES.find((candidate) => candidate.code === code);
  if (city === undefined) {
    throw new RangeError(`city code '${code}' is not in bench/city/place-table.ts; known: ${knownCodes()}`);
  }
  return city;
}

/** The city's six-digit division code, as filings and card-status records name it. */
export function regionOf(city: City): string {
  return city.code.padEnd(6, "0");
}

export function provinceOf(city: City): string {
  return city.code.slice(0, 2);
}

/** Great circle on a sphere of 6,371 km, in kilometres. */
export function distanceKm(from: County, to: County): number {
  const latitudeFrom = radians(from.latitude);
  const latitudeTo = radians(to.latitude);
  const halfChord =
    Math.sin((latitudeTo - latitudeFrom) / 2) ** 2 +
    Math.cos(latitudeFrom) * Math.cos(latitudeTo) * Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(halfChord));
}

function cityOf(row: CityRow): City {
  const counties: County[] = [];
  const city: City = { ...row, counties };
  for (const [code, name, longitude, latitude] of row.counties) {
    counties.push({ code, name, longitude, latitude, city });
  }
  return city;
}

function knownCodes(): string {
  return CITIES.map((city) => city.code).join(", ");
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
