/**
 * How deep a message may nest. Whatever walks a message to its leaves (emptied fields, forbidden names) calls itself at
 * each level, so an endless nest would end the process that walks it, at the same message again and again.
 */

/** The deepest known message has 7 levels (a trace code of an item in a national envelope); a stack takes thousands. */
export const NESTING_LEVELS_MAX = 32;
export const NESTING_EXPECTED = `at most ${NESTING_LEVELS_MAX} levels of objects and lists`;

/** Path of the first value that lies too deep, or null. Calls itself at most as often as there are levels. */
export function tooDeepAt(value: object, level = 1): string | null {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== "object" || inner === null) continue;
    if (level === NESTING_LEVELS_MAX) return key;
    const deeper = tooDeepAt(inner, level + 1);
    if (deeper !== null) return `${key}.${deeper}`;
  }
  return null;
}
