/** Which run of the fault suite this is: its seed, and whether it is the short one of CI. */

import { randomInt } from "node:crypto";

const SEED_MAX = 1_000_000;

/** Which city, which moments, which victims. The machine decides what is under way at these moments. */
export const SEED = Number(process.env.KADUN_FAULTS_SEED ?? randomInt(SEED_MAX));
/** `KADUN_FAULTS=ci`: fewer rounds and shorter outages; servers in threes are left to the run by hand. */
export const IS_SHORT = process.env.KADUN_FAULTS === "ci";
/** Folders with logs and outboxes are kept there. */
export const KEEP = process.env.KADUN_FAULTS_KEEP ?? null;

/** How a failing run is repeated: part of the suites' titles. */
export const AGAIN = `KADUN_FAULTS_SEED=${SEED}`;

export function byLength<T>(values: { readonly short: T; readonly long: T }): T {
  return IS_SHORT ? values.short : values.long;
}
