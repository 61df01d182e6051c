/** Receives the outcomes of a run, in a process of its own: `fork`ed with the brokers, it is told of each load. */

import { Topic } from "../../schemas/topics.js";
import { serveObserver } from "../end-to-end/serve-observer.js";
import { decidedNumber } from "./journal-stream.js";

const [brokers] = process.argv.slice(2);
if (brokers === undefined) throw new Error("expected brokers");
await serveObserver({ brokers, topic: Topic.DECISIONS, numberIn: decidedNumber });
