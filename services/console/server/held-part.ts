/**
 * A part of the overview, read at most so often, whoever asks.
 *
 * Owns: what was read last, since when its store does not answer.
 * Does not own: the store.
 *
 * 1. It is read once at a time; who asks meanwhile gets the same reading.
 * 2. A store that does not answer is asked no oftener than one that does, and takes nothing that was read before.
 * 3. `get` never rejects and does not wait longer than `ANSWER_MS`: a store that hangs is away.
 */

import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Held } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";

/** An answer takes milliseconds; a page that waits longer is worse than one that says what is missing. */
export const ANSWER_MS = 5_000;

export interface HeldPartOptions<Value> {
  readonly name: string;
  readonly read: () => Promise<Value>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class HeldPart<Value> {
  private held: Held<Value> | null = null;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<Held<Value>> | null = null;

  constructor(private readonly options: HeldPartOptions<Value>) {}

  async get(): Promise<Held<Value>> {
    if (this.asking !== null) return this.asking;
    const { clock, everyMs } = this.options;
    if (this.held !== null && clock.now() - this.askedAtMs < everyMs) return this.held;
    this.askedAtMs = clock.now();
    this.asking = this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(): Promise<Held<Value>> {
    const asOf = formatInstant(this.askedAtMs);
    try {
      this.held = { state: "here", asOf, value: await this.inTime() };
    } catch (error) {
      const { name, logger } = this.options;
      if (this.held?.state !== "away") logger.warn("console.overview-away", { reason: name, error });
      this.held = awayAfter(this.held, asOf);
    }
    return this.held;
  }

  private async inTime(): Promise<Value> {
    const { read, clock } = this.options;
    const over = new AbortController();
    const late = clock.sleep(ANSWER_MS, over.signal).then((): never => {
      throw new Error(`no answer within ${ANSWER_MS} ms`);
    });
    late.catch(() => {}); // aborted where the answer was in time
    try {
      return await Promise.race([read(), late]);
    } finally {
      over.abort();
    }
  }
}

function awayAfter<Value>(held: Held<Value> | null, now: string): Held<Value> {
  if (held === null) return { state: "away", since: now, last: null };
  if (held.state === "away") return held;
  return { state: "away", since: now, last: { asOf: held.asOf, value: held.value } };
}
