/** What a division code is called in an SMS: its city, never an institution, whose name can tell an illness. */

import type { Regions } from "../../schemas/bundle/regions.js";

/** Cities of the rank of a province. */
const CITY_PROVINCES = ["11", "12", "31", "50", "71", "81", "82"];
/** Counties directly under their province: the county is the city. */
const DIRECT_COUNTIES = ["4190", "4290", "4690", "6590"];
export const PLACE_UNKNOWN = "外地";

export function placeName(regions: Regions["regions"], code: string): string {
  const name = regions[cityCode(code)]?.[0] ?? regions[code.slice(0, 2)]?.[0];
  return name === undefined ? PLACE_UNKNOWN : name;
}

function cityCode(code: string): string {
  if (CITY_PROVINCES.includes(code.slice(0, 2))) return code.slice(0, 2);
  return DIRECT_COUNTIES.includes(code.slice(0, 4)) ? code : code.slice(0, 4);
}
