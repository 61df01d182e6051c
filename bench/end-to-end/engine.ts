/** What is compared: programs that do the job between two topics. How each is started is one file in engines/. */

import type { GcLog } from "./gc-pauses.js";

export const ENGINE_NAMES = [
  "kadun",
  "flink",
  "kafka-streams-memory",
  "kafka-streams",
  "kafka-streams-exactly-once",
  "kafkajs-worker",
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What an engine may be tuned for: each is asked for its best at what is measured. */
export type Purpose = "drain" | "paced";

export interface Job {
  /** HOST:PORT of the broker. */
  readonly brokers: string;
  readonly input: string;
  readonly cardStatus: string;
  readonly output: string;
  /** New for each run: engines begin at the start of the input. */
  readonly group: string;
  readonly redisUrl: string;
  /** Of this run alone; removed after it. */
  readonly folder: string;
  readonly persons: number;
  readonly purpose: Purpose;
  /** How long a Java peer may gather decisions while paced; what is best differs from machine to machine. */
  readonly peerLingerMs: number;
}

export interface Program {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Beside that of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly gcLog: GcLog;
}

export interface Engine {
  readonly name: EngineName;
  /** As it stands in the table. */
  readonly title: string;
  readonly runsOnJava: boolean;
  /** Version and settings, for the report. */
  readonly configuration: string;
  /** Builds what has to be built. @returns why it cannot run here; null where it can. */
  prepare(progress: (text: string) => void): Promise<string | null>;
  /** All its processes; they share the partitions. */
  programs(job: Job): readonly Program[];
  /** Topics it makes for itself under this group. */
  ownTopics(group: string): readonly string[];
}
