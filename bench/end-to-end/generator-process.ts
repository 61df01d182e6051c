/**
 * Sends the loads of one engine's run, in a process of its own: `fork`ed with brokers, topic, persons and seed, it is
 * told what to send (load.ts) and ends with its channel. All messages of a load are made before the first is due.
 */

import { DueSender } from "./due-sender.js";
import { dueTimes, type LoadReply, type LoadRequest } from "./load.js";
import { openLoadLog } from "./load-log.js";
import { PARTITIONS, SwipeStream } from "./swipe-stream.js";

const [brokers, topic, persons, seed] = process.argv.slice(2);
if (brokers === undefined || topic === undefined)
  throw new Error("expected brokers, topic, persons and seed");
const log = await openLoadLog(brokers, "bench-generator");
const producer = await log.producer(topic);
const stream = new SwipeStream(Number(persons), Number(seed));
let sender: DueSender | null = null;

async function handle(request: LoadRequest): Promise<LoadReply> {
  if (request.type === "prepare") {
    const dueMs = dueTimes(request.load);
    const messages = Array.from(dueMs, () => stream.next());
    sender = new DueSender(producer, PARTITIONS, messages, dueMs);
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
