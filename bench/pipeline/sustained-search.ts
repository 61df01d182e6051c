/** Finds the highest rate that is sustained: steps up until one fails, then halves the gap. */

export interface SearchOptions {
  /** Where the steps begin, a second. */
  readonly first: number;
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

/** One step at a time, each on the machine alone. */
export async function findHighestSustained<
  T extends { readonly rate: number; readonly isSustained: boolean },
>(
  measure: (rate: number) => Promise<T>,
  { first, max, precision, measurementsMax }: SearchOptions,
): Promise<Found<T>> {
  const tried: T[] = [];
  let highest: T | null = null;
  let lowestNotSustained: T | null = null;
  for (let rate = first; tried.length < measurementsMax; ) {
    const measured = await measure(rate);
    tried.push(measured);
    if (measured.isSustained) highest = measured;
    else lowestNotSustained = measured;
    const next = nextRate(highest?.rate ?? null, lowestNotSustained?.rate ?? null, max);
    const isFound = highest !== null && lowestNotSustained !== null;
    if (next === rate || (isFound && lowestNotSustained!.rate <= highest!.rate * (1 + precision))) break;
    rate = next;
  }
  return { highest, lowestNotSustained, tried };
}

function nextRate(sustained: number | null, failed: number | null, max: number): number {
  if (sustained === null) return roundRate((failed ?? max) / 2);
  if (failed === null) return Math.min(max, roundRate(sustained * STEP_UP));
  return roundRate((sustained + failed) / 2);
}

/** Rates are read by people. */
function roundRate(rate: number): number {
  return Math.max(10, Math.round(rate / 10) * 10);
}
