/**
 * What time it is in the data: a demo plays days that are past, and its console shows them as today.
 *
 * Owns: the time of the latest outcome, asked for every second.
 * Does not own: sessions, SMS and everything else that goes by this machine's clock.
 *
 * 1. It never goes back.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { jsonBytesOfBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";

const REFRESH_MS = 1000;

export class DataClock implements Clock {
  private latestMs = 0;
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly log: Pick<EventLog, "tail" | "partitionCount">,
    private readonly clock: Clock,
  ) {}

  static async open(log: Pick<EventLog, "tail" | "partitionCount">, clock: Clock): Promise<DataClock> {
    const dataClock = new DataClock(log, clock);
    await dataClock.refresh();
    dataClock.ended = dataClock.run();
    return dataClock;
  }

  /** This machine's time while there is no data. */
  now(): number {
    return this.latestMs === 0 ? this.clock.now() : this.latestMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.clock.sleep(ms, signal);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.clock.sleep(REFRESH_MS, signal);
      // The log is behind or closing: the time stands still.
      if (!signal.aborted) await this.refresh().catch(() => {});
    }
  }

  private async refresh(): Promise<void> {
    const partitions = await this.log.partitionCount(Topic.DECISIONS);
    for (let partition = 0; partition < partitions; partition++) {
      const tail = await this.log.tail(Topic.DECISIONS, partition);
      if (tail !== null) this.latestMs = Math.max(this.latestMs, occurredMs(tail.value));
    }
  }
}

/** 0 where the outcome says no time. */
function occurredMs(body: Uint8Array): number {
  const { occurredAt } = JSON.parse(Buffer.from(jsonBytesOfBody(body)).toString("utf8")) as {
    occurredAt?: unknown;
  };
  return typeof occurredAt === "string" ? parseInstantMs(occurredAt) : 0;
}
