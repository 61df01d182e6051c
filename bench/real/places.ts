/** Division codes for foreign cities. */

/** Sichuan's codes from here on are unassigned: known cities by their province, and nobody's real city. */
const CODE_FIRST = 5161;
const CODE_LAST = 5199;

/**
 * One code per distinct city, in alphabetical order of the names, so that the same file always gives the same
 * codes. A city(code) is known when its province is (docs/rules.md 0.7); the distances are the set's own, for
 * every swipe carries its coordinates.
 */
export function assignRegions(cityNames: Iterable<string>): ReadonlyMap<string, string> {
  const names = [...new Set(cityNames)].sort((a, b) => (a < b ? -1 : 1));
  if (names.length > CODE_LAST - CODE_FIRST + 1) {
    throw new Error(
      `${names.length} cities for the ${CODE_LAST - CODE_FIRST + 1} codes ${CODE_FIRST}-${CODE_LAST}: ` +
        "add a range of codes in bench/real/places.ts",
    );
  }
  return new Map(names.map((name, index) => [name, String(CODE_FIRST + index)]));
}
