/** Memory collected before a measurement begins, the collector's threads included. */

import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 50;
/** Less than this share of a processor is idle. */
const IDLE_SHARE = 0.1;
const WAIT_MAX_MS = 5000;

/**
 * Collects, then waits until the process is idle: for a while behind a collection its threads sweep a
 * heap of many objects, and would be counted among what a decision takes.
 */
export async function collected(): Promise<void> {
  globalThis.gc?.();
  const deadline = performance.now() + WAIT_MAX_MS;
  while ((await processorShare()) >= IDLE_SHARE && performance.now() < deadline);
}

async function processorShare(): Promise<number> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await sleep(LOOK_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - startedAt);
}
