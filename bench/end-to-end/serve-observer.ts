/**
 * An observer's side of the loads (load.ts): reads all partitions of a topic from where they end; its collector, which would
 * show in every engine's latency, has nothing left of the load before. Ends with its channel.
 */

import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import { dueTimes, type Load, type LoadReply, type LoadRequest, machineMs } from "./load.js";
import { loadCluster } from "./load-cluster.js";
import { LoadTail } from "./load-tail.js";
import { LoadWatch } from "./load-watch.js";

export interface Observing {
  readonly brokers: string;
  readonly topic: string;
  /** Which swipe of the run a message is about, from 0; anything else is passed over. */
  readonly numberIn: (message: Uint8Array) => number;
}

export async function serveObserver({ brokers, topic, numberIn }: Observing): Promise<void> {
  takeHeapRoom();
  const tail = await LoadTail.open(await loadCluster(brokers, "bench-observer"), topic);
  /** Swipes of the loads before. */
  let sentBefore = 0;
  let current: { readonly load: Load; readonly dueMs: Float64Array; readonly watch: LoadWatch } | null = null;

  async function handle(request: LoadRequest): Promise<LoadReply> {
    if (request.type === "prepare") {
      const { load } = request;
      const dueMs = dueTimes(load);
      current = { load, dueMs, watch: new LoadWatch(load, sentBefore, dueMs) };
      sentBefore += dueMs.length;
      globalThis.gc?.();
      return { type: "ready" };
    }
    if (current === null) throw new Error("no load was prepared");
    const { load, dueMs, watch } = current;
    watch.start(request.startMs);
    const lateMs = request.startMs + (dueMs.at(-1) ?? 0) + load.patienceMs;
    await within(watch.complete, lateMs - machineMs());
    return { type: "observed", observed: watch.end(machineMs()) };
  }

  tail.follow((message, nowMs) => current?.watch.take(numberIn(message), nowMs)).catch(fail);
  process.on("message", (request: LoadRequest) => {
    handle(request).then((reply) => process.send?.(reply), fail);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ type: "ready" } satisfies LoadReply);
}

async function within(done: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([done, over]);
  clearTimeout(timer);
}

function fail(error: unknown): void {
  process.send?.({ type: "failed", message: String(error) } satisfies LoadReply);
}
