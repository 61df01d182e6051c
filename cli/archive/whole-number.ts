/** An option that is a whole number. */

import { UsageError } from "../exit-status.js";

/** @throws UsageError. */
export function wholeNumberIn(
  option: string,
  given: string | undefined,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  if (given === undefined) return fallback;
  const number = Number(given);
  if (/^\d+$/.test(given) && number <= max) return number;
  throw new UsageError(`${option} ${given}: expected a whole number from 0 to ${max}`);
}
