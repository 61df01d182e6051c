/** Kadun: two workers share the partitions, checkpoints go to Redis. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import type { Engine, Job, Program } from "../engine.js";
import { nodeProgram } from "./node-program.js";
import { workerArguments } from "./worker-arguments.js";

const WORKER = join(packageRoot, "dist", "bench", "swipe-5-worker", "worker.js");
const WORKERS = 2;
/** As Flink's in this comparison. */
const CHECKPOINT_EVERY_MS = 10_000;

export const kadun: Engine = {
  name: "kadun",
  title: "Kadun",
  runsOnJava: false,
  configuration: `${WORKERS} processes, checkpoints to Redis every ${CHECKPOINT_EVERY_MS / 1000} s`,
  async prepare() {
    return existsSync(WORKER) ? null : `${WORKER} is missing: npm run build`;
  },
  programs: (job) => Array.from({ length: WORKERS }, (_, index) => program(job, index + 1)),
  ownTopics: () => [],
};

function program(job: Job, number: number): Program {
  const own = ["--redis", job.redisUrl, "--checkpoint-every-ms", String(CHECKPOINT_EVERY_MS)];
  const args = [WORKER, ...workerArguments(job), ...own, "--persons", String(job.persons)];
  return nodeProgram(job, number, args);
}
