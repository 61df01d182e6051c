/**
 * Waits until consumers have done all that their logs held when they were first asked, and shows how far they are.
 *
 * 1. Not until nothing is left: swipes go on while tables are made again, and there is always one more.
 */

import type { Clock } from "../../platform/clock/clock.js";

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;

/** One consumer of one partition. */
export interface Standing {
  readonly topic: string;
  readonly partition: number;
  /** Records before it are done. */
  readonly doneTo: number;
  /** Records of the log from there on; null where the log could not be asked. */
  readonly lag: number | null;
}

export interface Followed {
  /** For the lines: "rows", "outcomes". */
  readonly name: string;
  readonly clock: Clock;
  /** None of them: consumers are not there yet. */
  readonly status: () => Promise<readonly Standing[]>;
  /** Rejects where a consumer gave up. */
  readonly ended?: Promise<void>;
  readonly json: boolean;
}

/** @throws what ended the consumers. */
export async function untilCaughtUp({ name, clock, status, ended, json }: Followed): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  ended?.catch((error: unknown) => {
    failure = { error };
  });
  const ends = new Map<string, number>();
  let saidAtMs = clock.now();
  for (;;) {
    const standings = await status();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    const left = standings.map((standing) => leftOf(standing, ends));
    if (left.length > 0 && left.every((records) => records === 0)) return;
    if (!json && clock.now() - saidAtMs >= SAY_EVERY_MS) {
      saidAtMs = clock.now();
      const done = standings.reduce((sum, { doneTo }) => sum + doneTo, 0);
      const all = left.reduce<number>((sum, records) => sum + (records ?? 0), done);
      process.stderr.write(`${name}: ${done} of ${all}\n`);
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Records before the end as it was when it was first known; null where it is not known yet. */
function leftOf({ topic, partition, doneTo, lag }: Standing, ends: Map<string, number>): number | null {
  const key = `${topic}/${partition}`;
  if (!ends.has(key) && lag !== null) ends.set(key, doneTo + lag);
  const end = ends.get(key);
  return end === undefined ? null : Math.max(0, end - doneTo);
}
