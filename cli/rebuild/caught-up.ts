/** Waits until consumers have read all that their logs hold, and shows how far they are. */

import { systemClock } from "../../platform/clock/system-clock.js";

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;

interface Standing {
  readonly nextOffset: number;
  /** null where the log could not be asked. */
  readonly lag: number | null;
}

export interface Followed {
  /** For the lines: "rows", "outcomes". */
  readonly name: string;
  readonly status: () => Promise<readonly Standing[]>;
  /** Rejects where a consumer gave up. */
  readonly ended?: Promise<void>;
  readonly json: boolean;
}

/** @throws what ended the consumers. */
export async function untilCaughtUp({ name, status, ended, json }: Followed): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  ended?.catch((error: unknown) => {
    failure = { error };
  });
  let saidAtMs = systemClock.now();
  for (;;) {
    const standings = await status();
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    const isKnown = standings.every(({ lag }) => lag !== null);
    const lag = standings.reduce((sum, each) => sum + (each.lag ?? 0), 0);
    if (standings.length > 0 && isKnown && lag === 0) return;
    if (!json && systemClock.now() - saidAtMs >= SAY_EVERY_MS) {
      saidAtMs = systemClock.now();
      const done = standings.reduce((sum, { nextOffset }) => sum + nextOffset, 0);
      process.stderr.write(`${name}: ${done} of ${done + lag}\n`);
    }
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}
