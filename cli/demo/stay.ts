/** After the demo's report: its Kadun again, with the console open and the city's life going on, until nobody looks any more. */

import { KadunProcess } from "../../bench/load/kadun-process.js";
import { OperatingError } from "../exit-status.js";
import { DaysAfter } from "./days-after.js";
import { EMBEDDED_ARGS } from "./demo-kadun.js";
import type { DemoFolder } from "./folder.js";
import { lastDayOf } from "./next-day.js";

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
  const day = await lastDayOf(folder.raw);
  const args = [...EMBEDDED_ARGS, "--demo-user", "on"];
  const kadun = await KadunProcess.start({ dataDirectory: folder.data, logPath: folder.log, args });
  const days = new DaysAfter(kadun, day);
  try {
    const opened = Promise.all([kadun.officeUp(), days.begin()]);
    const [{ url }] = await Promise.race([opened, untilAborted(over), ended(kadun, folder)]);
    onOpen(url);
    await Promise.race([days.goOn(over), ended(kadun, folder)]);
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    days.close();
    await kadun.stop();
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
