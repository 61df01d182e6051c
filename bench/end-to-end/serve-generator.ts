/**
 * A generator's side of the loads (load.ts): all messages of a load are made before the first is due, and what that leaves is
 * collected by then: a swipe that is sent late waits in every engine's latency. Ends with its channel.
 */

import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import { DueSender } from "./due-sender.js";
import { dueTimes, type Load, type LoadReply, type LoadRequest } from "./load.js";
import { loadCluster } from "./load-cluster.js";
import { LoadProducer } from "./load-producer.js";
import type { StreamMessage } from "./swipe-stream.js";

export interface Generating {
  readonly brokers: string;
  readonly topic: string;
  /** Messages of a load, one for each due time. */
  readonly messages: (
    load: Load,
    dueMs: Float64Array,
  ) => readonly StreamMessage[] | Promise<readonly StreamMessage[]>;
}

export async function serveGenerator({ brokers, topic, messages }: Generating): Promise<void> {
  takeHeapRoom();
  const producer = await LoadProducer.open(await loadCluster(brokers, "bench-generator"), topic);
  let sender: DueSender | null = null;

  async function handle(request: LoadRequest): Promise<LoadReply> {
    if (request.type === "prepare") {
      const dueMs = dueTimes(request.load);
      sender = new DueSender(producer, await messages(request.load, dueMs), dueMs);
      globalThis.gc?.();
      return { type: "ready" };
    }
    if (sender === null) throw new Error("no load was prepared");
    return { type: "sent", sent: await sender.run(request.startMs) };
  }

  process.on("message", (request: LoadRequest) => {
    handle(request).then(
      (reply) => process.send?.(reply),
      (error: unknown) => process.send?.({ type: "failed", message: String(error) } satisfies LoadReply),
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ type: "ready" } satisfies LoadReply);
}
