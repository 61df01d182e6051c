/**
 * Kafka's classes as the Java machine has them in memory, in a file beside its jars: a broker that maps them starts in a
 * third of the time. A machine that does not know the file's format, or finds other jars, loads the classes as ever.
 */

import { existsSync, renameSync } from "node:fs";
import { kafkaJars } from "../../../tools/kafka-artifacts.js";
import { serverMode } from "../../../tools/server-mode.js";
import { classArchive, startKafka } from "./kafka-server.js";

/** Once for each folder of jars; two processes may do it at once. */
export async function makeClassArchive(): Promise<void> {
  if ((await serverMode()) === "docker") return;
  const archive = classArchive(await kafkaJars());
  if (existsSync(archive)) return;
  const draft = `${archive}.${process.pid}`;
  const kafka = await startKafka({ archiveClassesAt: draft });
  try {
    // The classes are written when the broker ends in order.
    await kafka.nodes[0]!.stop();
    renameSync(draft, archive);
  } finally {
    await kafka.close();
  }
}
