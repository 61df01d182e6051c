/**
 * Receives the decisions of one engine's run, in a process of its own: `fork`ed with brokers and topic, it is told of each
 * load (load.ts).
 */

import { serveObserver } from "./serve-observer.js";
import { numberIn } from "./swipe-stream.js";

const [brokers, topic] = process.argv.slice(2);
if (brokers === undefined || topic === undefined) throw new Error("expected brokers and topic");
await serveObserver({ brokers, topic, numberIn });
