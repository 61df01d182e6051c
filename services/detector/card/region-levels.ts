/**
 * The levels a region's policies are looked up at, nearest first: county, city, province (rules.md 0.7 and
 * section 1, "Rows"). Works on the digits alone: an unknown code simply finds no row and never throws.
 */

/** Municipalities, Taiwan, Hong Kong and Macao: the province is the city. */
const PROVINCES_THAT_ARE_CITIES = new Set(["11", "12", "31", "50", "71", "81", "82"]);
/** "Directly under the province": each county is a city of its own. */
const PREFECTURES_OF_CITY_COUNTIES = new Set(["4190", "4290", "4690", "6590"]);

export function regionLevels(region: string): readonly string[] {
  const code = withoutPadding(region);
  const province = code.slice(0, 2);
  const prefecture = code.slice(0, 4);
  if (code.length === 2) return [province];
  if (PROVINCES_THAT_ARE_CITIES.has(province)) return code.length === 6 ? [code, province] : [province];
  if (code.length === 4 || PREFECTURES_OF_CITY_COUNTIES.has(prefecture)) return [code, province];
  return [code, prefecture, province];
}

/** 510100 names the city 5101, 110000 the province 11. */
export function withoutPadding(region: string): string {
  return region.replace(/(0000|00)$/, "");
}
