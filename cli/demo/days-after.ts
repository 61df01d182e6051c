/**
 * The city's life after its days that were fed: its last day again and again, a day later each time.
 *
 * Owns: the connection to the swipe process.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { feedLineOf } from "../../bench/load/feed-line.js";
import { Feeder } from "../../bench/load/feeder.js";
import type { KadunProcess } from "../../bench/load/kadun-process.js";
import { MovingServer } from "../../bench/load/moving-server.js";
import { LANES } from "./feed-city.js";
import { daysLater, eventIdsOf, forenoonOf } from "./next-day.js";

/** A day passes in an hour: a minute of the pages lasts two and a half seconds. */
const DAY_SECONDS = 3600;
const REQUEST_TIMEOUT_MS = 10_000;
const PATIENCE_MS = 60_000;

export class DaysAfter {
  private readonly eventIds: ReadonlySet<string>;
  private readonly pauseMs: number;
  private readonly client: MovingServer;
  private readonly feeder: Feeder;

  /** @param day lines of the last day. */
  constructor(
    { apiKey, url }: Pick<KadunProcess, "apiKey" | "url">,
    private readonly day: readonly string[],
  ) {
    this.eventIds = eventIdsOf(day);
    this.pauseMs = (DAY_SECONDS * 1000) / Math.max(1, day.length);
    this.client = new MovingServer({ apiKey, connectionsMax: LANES, timeoutMs: REQUEST_TIMEOUT_MS });
    this.client.moveTo(url);
    // What is refused (a card that was replaced the day before) is refused again, as of any network.
    this.feeder = new Feeder({ client: this.client, lanes: LANES, linesMax: 1, patienceMs: PATIENCE_MS });
  }

  /** The first day until the forenoon, at once. */
  async begin(): Promise<void> {
    for (const json of forenoonOf(this.day).before) await this.push(json, 1);
    await this.feeder.drain();
  }

  /** From there on as time passes; resolves when it is over. */
  async goOn(signal: AbortSignal): Promise<void> {
    for (let days = 1; !signal.aborted; days++) {
      for (const json of days === 1 ? forenoonOf(this.day).after : this.day) {
        if (signal.aborted) return;
        await this.push(json, days);
        await sleep(this.pauseMs, undefined, { signal });
      }
    }
  }

  close(): void {
    this.feeder.abort(new Error("closed"));
    this.client.close();
  }

  private push(json: string, days: number): Promise<void> {
    return this.feeder.push(feedLineOf(daysLater(json, days, this.eventIds)));
  }
}
