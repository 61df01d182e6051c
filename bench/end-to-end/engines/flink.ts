/** Flink (bench/peers/flink): whole in one process, state on the heap, checkpoints to disk. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Job, Purpose } from "../engine.js";
import { pomProperty } from "../versions.js";
import { buildJavaPeer, type JavaPeer, javaProgram } from "./java-peer.js";
import { workerArguments } from "./worker-arguments.js";

const PEER: JavaPeer = {
  folder: "flink",
  mainClass: "kadun.peers.flink.FlinkWorker",
  heapMb: 3072,
  java: ["java.util", "java.lang", "java.nio", "sun.nio.ch"].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  ),
};
const PARALLELISM = 2;
/** As Kadun's in this comparison. */
const CHECKPOINT_EVERY_MS = 10_000;

/** For throughput large batches; for latency next to nothing waits in a buffer. */
const TUNING: Readonly<Record<Purpose, (job: Job) => readonly string[]>> = {
  drain: () => ["--linger-ms", "20", "--batch-bytes", "131072"],
  paced: ({ peerLingerMs }) => [
    ...["--linger-ms", String(peerLingerMs)],
    ...["--buffer-timeout-ms", String(peerLingerMs)],
  ],
};

export const flink: Engine = {
  name: "flink",
  title: "Flink",
  runsOnJava: true,
  configuration: `Flink ${pomProperty("bench/peers/flink", "flink.version")}, parallelism ${PARALLELISM}, a heap of ${PEER.heapMb} MB, heap state, a checkpoint to disk every ${CHECKPOINT_EVERY_MS / 1000} s, at least once`,
  prepare: (progress) => buildJavaPeer(PEER, progress),
  programs(job) {
    const checkpoints = join(job.folder, "checkpoints");
    mkdirSync(checkpoints);
    const state = ["--checkpoint-dir", checkpoints, "--checkpoint-every-ms", String(CHECKPOINT_EVERY_MS)];
    const args = [...workerArguments(job), ...state, "--parallelism", String(PARALLELISM)];
    return [javaProgram(PEER, job, [...args, ...TUNING[job.purpose](job)])];
  },
  ownTopics: () => [],
};
