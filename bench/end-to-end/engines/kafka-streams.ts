/** Kafka Streams (bench/peers/kafka-streams) in three ways of keeping state. */

import { join } from "node:path";
import type { Engine, EngineName, Job, Purpose } from "../engine.js";
import { pomProperty } from "../versions.js";
import { buildJavaPeer, type JavaPeer, javaProgram } from "./java-peer.js";
import { workerArguments } from "./worker-arguments.js";

const PEER: JavaPeer = {
  folder: "kafka-streams",
  mainClass: "kadun.peers.streams.StreamsWorker",
  heapMb: 2048,
};
const THREADS = 2;

/** For throughput large batches and the linger of Streams itself (100 ms); for latency next to none. */
const PRODUCER: Readonly<Record<Purpose, (job: Job) => readonly string[]>> = {
  drain: () => ["--batch-bytes", "131072"],
  paced: ({ peerLingerMs }) => ["--linger-ms", String(peerLingerMs)],
};

interface Way {
  readonly name: EngineName;
  readonly title: string;
  readonly store: "memory" | "rocksdb";
  readonly guarantee: "at-least-once" | "exactly-once";
  readonly says: string;
}

export const kafkaStreamsMemory = engine({
  name: "kafka-streams-memory",
  title: "Kafka Streams, memory",
  store: "memory",
  guarantee: "at-least-once",
  says: "in memory, no changelog, nothing kept",
});

export const kafkaStreams = engine({
  name: "kafka-streams",
  title: "Kafka Streams, RocksDB + changelog",
  store: "rocksdb",
  guarantee: "at-least-once",
  says: "RocksDB and changelog topics",
});

export const kafkaStreamsExactlyOnce = engine({
  name: "kafka-streams-exactly-once",
  title: "Kafka Streams, exactly once",
  store: "rocksdb",
  guarantee: "exactly-once",
  says: "RocksDB and changelog topics, exactly_once_v2 with a commit every 100 ms",
});

function engine({ name, title, store, guarantee, says }: Way): Engine {
  return {
    name,
    title,
    runsOnJava: true,
    configuration: `Kafka Streams ${pomProperty("bench/peers/kafka-streams", "kafka.version")}, ${THREADS} threads, a heap of ${PEER.heapMb} MB, ${says}`,
    prepare: (progress) => buildJavaPeer(PEER, progress),
    programs(job) {
      const state = ["--state-dir", join(job.folder, "state"), "--store", store, "--guarantee", guarantee];
      const args = [...workerArguments(job), ...state, "--threads", String(THREADS)];
      return [javaProgram(PEER, job, [...args, ...PRODUCER[job.purpose](job)])];
    },
    ownTopics: (group) => [`${group}-persons-changelog`, `${group}-lost-cards-changelog`],
  };
}
