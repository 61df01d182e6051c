/** What a city is called, by the division codes of the default bundle. */

import { loadBundle } from "../bundle-files.js";

const PROVINCE_DIGITS = 2;

/** null where neither the city nor its province is known. */
export function cityNames(): (city: string) => string | null {
  const { regions } = loadBundle().content.regions;
  return (city) => regions[city]?.[0] ?? regions[city.slice(0, PROVINCE_DIGITS)]?.[0] ?? null;
}
