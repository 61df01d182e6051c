/** All engines, in the order of the table. */

import type { Engine, EngineName } from "../engine.js";
import { flink } from "./flink.js";
import { kadun } from "./kadun.js";
import { kafkaStreams, kafkaStreamsExactlyOnce, kafkaStreamsMemory } from "./kafka-streams.js";
import { kafkajsWorker } from "./kafkajs-worker.js";

export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  kadun,
  flink,
  "kafka-streams-memory": kafkaStreamsMemory,
  "kafka-streams": kafkaStreams,
  "kafka-streams-exactly-once": kafkaStreamsExactlyOnce,
  "kafkajs-worker": kafkajsWorker,
};
