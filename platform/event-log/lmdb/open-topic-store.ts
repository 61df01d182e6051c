/** Opens the directory of one topic, or says what keeps it from being opened. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { dataFileFault } from "../../lmdb/data-file.js";
import { EventLogError } from "../event-log.js";
import { claimDirectory } from "./open-directories.js";
import { agreeOnFormat, checkEnds } from "./topic-format.js";
import { TopicStore, type TopicStoreOptions } from "./topic-store.js";

/** Readers are processes and their open snapshots: three processes, with room for tools. */
const READERS_MAX = 64;

/** @throws EventLogError CORRUPT, LOCKED; FAILED (retryable) where a reader comes before the writer. */
export function openTopicStore(options: TopicStoreOptions): TopicStore {
  const { topic, directory, readOnly } = options;
  const file = join(directory, "data.mdb");
  const fault = dataFileFault(file);
  if (fault !== null)
    throw new EventLogError(
      "CORRUPT",
      `topic ${topic}: ${file} cannot be used: ${fault}; restore the directory from a copy`,
    );
  if (readOnly && !existsSync(file)) throw notThereYet(options);
  const release = claimDirectory(directory);
  try {
    return openEnvironment(options, release);
  } catch (error) {
    release();
    throw error;
  }
}

function openEnvironment(options: TopicStoreOptions, release: () => void): TopicStore {
  const { directory, partitions, durability, readOnly } = options;
  // The map grows by itself; a size given here would be no limit but a guess.
  const environment = open<Buffer, string>({
    path: directory,
    encoding: "binary",
    maxDbs: partitions + 1,
    maxReaders: READERS_MAX,
    noSubdir: false,
    eventTurnBatching: false,
    readOnly,
    ...(readOnly ? {} : { overlappingSync: durability === "derived" }),
  });
  try {
    const about = databaseOf<string>(environment, options, "topic", {});
    if (!agreeOnFormat(about, options)) throw notThereYet(options);
    const databases = Array.from({ length: partitions }, (_, partition) =>
      databaseOf<Uint8Array>(environment, options, `partition-${partition}`, { keyEncoding: "binary" }),
    );
    if (!readOnly) checkEnds(databases, about, options);
    return new TopicStore(options, environment, about, databases, release);
  } catch (error) {
    void environment.close();
    throw error;
  }
}

function databaseOf<Key extends string | Uint8Array>(
  environment: RootDatabase<Buffer, string>,
  options: TopicStoreOptions,
  name: string,
  more: { readonly keyEncoding?: "binary" },
): Database<Buffer, Key> {
  // `undefined` where a reader comes before the writer has made the database; lmdb's types do not say so.
  const database: Database<Buffer, Key> | undefined = environment.openDB<Buffer, Key>({
    name,
    encoding: "binary",
    ...more,
  });
  if (database === undefined) throw notThereYet(options);
  return database;
}

function notThereYet({ topic, directory }: TopicStoreOptions): EventLogError {
  return new EventLogError(
    "FAILED",
    `topic ${topic}: ${directory} has not been made yet; the process that writes it makes it, start that first`,
    { retryable: true },
  );
}
