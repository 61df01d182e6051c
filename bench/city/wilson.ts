/** Wilson's interval for a share: sensible near 0 and 1, where few incidents are planted. */

export type Interval = readonly [low: number, high: number];

/** Standard deviations that leave 5 % outside. */
const Z = 1.959964;

/** The 95 % interval of `hits` of `tries`; null without any. */
export function wilsonInterval(hits: number, tries: number): Interval | null {
  if (tries === 0) return null;
  const share = hits / tries;
  const middle = share + (Z * Z) / (2 * tries);
  const reach = Z * Math.sqrt((share * (1 - share)) / tries + (Z * Z) / (4 * tries * tries));
  const scale = 1 + (Z * Z) / tries;
  // Rounding may leave the ends a hair outside of what a share can be.
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
