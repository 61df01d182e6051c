/** When requests are due, decided before the first is sent: a slow server delays nobody's arrival. */

import type { Random } from "../city/random.js";

/** Milliseconds from the start, ascending, up to the end: independent arrivals (Poisson) of this mean rate. */
export function poissonArrivals(random: Random, ratePerSecond: number, seconds: number): Float64Array {
  const endMs = seconds * 1000;
  const meanGapMs = 1000 / ratePerSecond;
  const arrivals: number[] = [];
  let atMs = gap(random, meanGapMs);
  for (; atMs < endMs; atMs += gap(random, meanGapMs)) arrivals.push(atMs);
  return Float64Array.from(arrivals);
}

function gap(random: Random, meanMs: number): number {
  return -Math.log(1 - random.next()) * meanMs;
}
