/** After the demo's report: its Kadun again, with the console open and the city's life going on, until nobody looks any more. */

import { setTimeout as sleep } from "node:timers/promises";
import { feedLineOf } from "../../bench/load/feed-line.js";
import { Feeder } from "../../bench/load/feeder.js";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { MovingServer } from "../../bench/load/moving-server.js";
import { OperatingError } from "../exit-status.js";
import { EMBEDDED_ARGS } from "./demo-kadun.js";
import type { DemoFolder } from "./folder.js";
import { daysLater, eventIdsOf, lastDayOf } from "./next-day.js";

/** A day passes in an hour: a minute of the pages lasts two and a half seconds. */
const DAY_SECONDS = 3600;
const REQUEST_TIMEOUT_MS = 10_000;
const PATIENCE_MS = 60_000;

export interface StayOptions {
  readonly folder: DemoFolder;
  /** null: until it is interrupted. */
  readonly secondsMax: number | null;
  readonly signal: AbortSignal;
  /** Told once, when the console can be opened. */
  readonly onOpen: (address: string) => void;
}

/** Resolves when the time is over or it was interrupted. @throws OperatingError where its Kadun ends by itself. */
export async function stay({ folder, secondsMax, signal, onOpen }: StayOptions): Promise<void> {
  if (secondsMax === 0 || signal.aborted) return;
  // Held by its timer and by the caller's signal: one of AbortSignal.any and .timeout may be collected before it fires.
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end, { once: true });
  const timer = secondsMax === null ? undefined : setTimeout(end, secondsMax * 1000);
  const over = ending.signal;
  const args = [...EMBEDDED_ARGS, "--demo-user", "on"];
  const kadun = await KadunProcess.start({ dataDirectory: folder.data, logPath: folder.log, args });
  try {
    const { url } = await Promise.race([kadun.officeUp(), untilAborted(over)]);
    onOpen(url);
    await Promise.race([goOn(kadun, folder, over), ended(kadun, folder)]);
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    await kadun.stop();
  }
}

/** Resolves when it is over. */
async function goOn(kadun: KadunProcess, { raw }: DemoFolder, signal: AbortSignal): Promise<void> {
  const day = await lastDayOf(raw);
  const eventIds = eventIdsOf(day);
  const pauseMs = (DAY_SECONDS * 1000) / Math.max(1, day.length);
  const client = new MovingServer({ apiKey: kadun.apiKey, connectionsMax: 1, timeoutMs: REQUEST_TIMEOUT_MS });
  client.moveTo(kadun.url);
  // What is refused (a card that was replaced the day before) is refused again, as of any network.
  const feeder = new Feeder({ client, lanes: 1, linesMax: 1, patienceMs: PATIENCE_MS });
  try {
    for (let days = 1; !signal.aborted; days++) {
      for (const json of day) {
        if (signal.aborted) return;
        await feeder.push(feedLineOf(daysLater(json, days, eventIds)));
        await sleep(pauseMs, undefined, { signal });
      }
    }
  } finally {
    client.close();
  }
}

async function ended(kadun: KadunProcess, { path, isKept }: DemoFolder): Promise<never> {
  const { code, signal } = await kadun.exited;
  const hint = isKept ? `see the logs in ${path}` : "run it with --keep DIR and look at the logs in DIR";
  throw new OperatingError(`kadun start ended by itself (${code ?? signal}): ${hint}`);
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
