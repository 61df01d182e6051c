/**
 * Kadun: workers share the partitions, checkpoints go to Redis. Two for throughput. For latency one, which asks for swipes
 * without a pause: two need twice the requests of a broker on the same processors.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import type { Engine, Job, Program, Purpose } from "../engine.js";
import { nodeProgram } from "./node-program.js";
import { workerArguments } from "./worker-arguments.js";

const WORKER = join(packageRoot, "dist", "bench", "swipe-5-worker", "worker.js");
const WORKERS = 2;
const PACED_WORKERS = 1;
/** As Flink's in this comparison. */
const CHECKPOINT_EVERY_MS = 10_000;

/** As the setting KADUN_KAFKA_FETCH_PAUSE_MS of the product: its default, or 0. */
const FETCH_PAUSE: Readonly<Record<Purpose, readonly string[]>> = {
  drain: [],
  paced: ["--fetch-pause-ms", "0"],
};

export interface KadunOptions {
  /** Of a drain. */
  readonly workers: number;
  /** The job's five, or the default ruleset, whose decisions are others. */
  readonly rules: "job" | "default";
}

export const kadun: Engine = kadunWith({ workers: WORKERS, rules: "job" });

export function kadunWith({ workers, rules }: KadunOptions): Engine {
  return {
    name: "kadun",
    title: "Kadun",
    runsOnJava: false,
    configuration: `${workers} processes (${PACED_WORKERS} while paced, with no pause between fetches), checkpoints to Redis every ${CHECKPOINT_EVERY_MS / 1000} s`,
    async prepare() {
      return existsSync(WORKER) ? null : `${WORKER} is missing: npm run build`;
    },
    programs(job) {
      const length = job.purpose === "paced" ? PACED_WORKERS : workers;
      return Array.from({ length }, (_, index) => program(job, rules, index + 1));
    },
    ownTopics: () => [],
  };
}

function program(job: Job, rules: KadunOptions["rules"], number: number): Program {
  const checkpoints = ["--redis", job.redisUrl, "--checkpoint-every-ms", String(CHECKPOINT_EVERY_MS)];
  const own = [...checkpoints, "--rules", rules, ...FETCH_PAUSE[job.purpose]];
  const args = [WORKER, ...workerArguments(job), ...own, "--persons", String(job.persons)];
  return nodeProgram(job, number, args);
}
