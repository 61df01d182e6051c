/** The plain kafkajs worker (bench/peers/kafkajs-worker): two processes share the partitions, state dies with them. */

import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import type { Engine } from "../engine.js";
import { packageVersion } from "../versions.js";
import { nodeProgram } from "./node-program.js";
import { workerArguments } from "./worker-arguments.js";

const WORKER = join(packageRoot, "dist", "bench", "peers", "kafkajs-worker", "worker.js");
const WORKERS = 2;

export const kafkajsWorker: Engine = {
  name: "kafkajs-worker",
  title: "plain kafkajs worker",
  runsOnJava: false,
  configuration: `kafkajs ${packageVersion("kafkajs")}, ${WORKERS} processes, Map of objects, nothing kept`,
  async prepare() {
    return null;
  },
  programs: (job) =>
    Array.from({ length: WORKERS }, (_, index) =>
      nodeProgram(job, index + 1, [WORKER, ...workerArguments(job)]),
    ),
  ownTopics: () => [],
};
