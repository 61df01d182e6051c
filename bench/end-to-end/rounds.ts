/** Rounds: sides that took turns. Ratios are formed round by round, so that the machine's drift meets both sides. */

export interface Ratio {
  readonly median: number;
  readonly rounds: readonly number[];
}

/** @throws RangeError without a value. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no value to take the median of");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.trunc(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @param one and other figures of the same rounds, in their order. */
export function ratioOf(one: readonly number[], other: readonly number[]): Ratio {
  const rounds = one.map((value, round) => value / other[round]!);
  return { median: median(rounds), rounds };
}

/** Who begins changes with each round: nobody has always the fresh machine. */
export function turnOrder<Side>(sides: readonly Side[], round: number): readonly Side[] {
  const first = round % Math.max(1, sides.length);
  return [...sides.slice(first), ...sides.slice(0, first)];
}
