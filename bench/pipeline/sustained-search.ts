/** Finds the highest rate that is sustained: steps up until one fails, then halves the gap. */

export interface SearchOptions<T> {
  /** Where the steps begin, a second, unless `known` says more. */
  readonly first: number;
  /** What was measured before. */
  readonly known?: readonly T[];
  readonly max: number;
  /** The search ends when the lowest failing rate is within this share of the highest sustained one. */
  readonly precision: number;
  readonly measurementsMax: number;
}

export interface Found<T> {
  /** null where not even the smallest rate tried was sustained. */
  readonly highest: T | null;
  readonly lowestNotSustained: T | null;
  readonly tried: readonly T[];
}

const STEP_UP = 1.5;

type Measured = { readonly rate: number; readonly isSustained: boolean };

/** One step at a time, each on the machine alone. */
export async function findHighestSustained<T extends Measured>(
  measure: (rate: number) => Promise<T>,
  { first, known = [], max, precision, measurementsMax }: SearchOptions<T>,
): Promise<Found<T>> {
  const tried: T[] = [...known];
  for (;;) {
    const { highest, lowestNotSustained } = boundsOf(tried);
    const rate = tried.length === 0 ? first : nextRate(highest?.rate, lowestNotSustained?.rate, max);
    const isFound =
      highest !== null &&
      lowestNotSustained !== null &&
      lowestNotSustained.rate <= highest.rate * (1 + precision);
    const isOver = tried.length - known.length >= measurementsMax;
    if (isFound || isOver || tried.some((each) => each.rate === rate))
      return { highest, lowestNotSustained, tried };
    tried.push(await measure(rate));
  }
}

/** A rate above one that failed does not count as sustained: it had luck. */
function boundsOf<T extends Measured>(
  tried: readonly T[],
): { readonly highest: T | null; readonly lowestNotSustained: T | null } {
  const sorted = [...tried].sort((a, b) => a.rate - b.rate);
  const failed = sorted.findIndex(({ isSustained }) => !isSustained);
  if (failed === -1) return { highest: sorted.at(-1) ?? null, lowestNotSustained: null };
  return { highest: sorted[failed - 1] ?? null, lowestNotSustained: sorted[failed] ?? null };
}

function nextRate(sustained: number | undefined, failed: number | undefined, max: number): number {
  if (sustained === undefined) return roundRate((failed ?? max) / 2);
  if (failed === undefined) return Math.min(max, roundRate(sustained * STEP_UP));
  return roundRate((sustained + failed) / 2);
}

/** Rates are read by people. */
function roundRate(rate: number): number {
  return Math.max(10, Math.round(rate / 10) * 10);
}
