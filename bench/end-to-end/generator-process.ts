/**
 * Sends the loads of one engine's run, in a process of its own: `fork`ed with brokers, topic, persons and seed, it is told
 * what to send (load.ts).
 */

import { serveGenerator } from "./serve-generator.js";
import { SwipeStream } from "./swipe-stream.js";

const [brokers, topic, persons, seed] = process.argv.slice(2);
if (brokers === undefined || topic === undefined)
  throw new Error("expected brokers, topic, persons and seed");
const stream = new SwipeStream(Number(persons), Number(seed));
await serveGenerator({ brokers, topic, messages: (_, dueMs) => Array.from(dueMs, () => stream.next()) });
