/** Latencies of the windows before and with activations, all of a kind together. */

import { LatencyHistogram, type Quantiles } from "../pipeline/latency-histogram.js";
import type { LoadDone } from "./load-messages.js";
import { WINDOW_MS, type WindowPair } from "./windows.js";

export interface LatencyFigures {
  readonly before: Quantiles;
  readonly with: Quantiles;
}

export function latencyFigures(
  latencies: LoadDone["latencies"],
  pairs: readonly Pick<WindowPair, "beforeAtMs" | "sentAtMs">[],
): LatencyFigures {
  const [before, during] = [new LatencyHistogram(), new LatencyHistogram()];
  const isIn = (dueAtMs: number, fromMs: number) => dueAtMs >= fromMs && dueAtMs < fromMs + WINDOW_MS;
  for (const [dueAtMs, latencyMs] of latencies) {
    if (pairs.some(({ beforeAtMs }) => isIn(dueAtMs, beforeAtMs))) before.record(latencyMs);
    if (pairs.some(({ sentAtMs }) => isIn(dueAtMs, sentAtMs))) during.record(latencyMs);
  }
  return { before: before.quantiles(), with: during.quantiles() };
}
