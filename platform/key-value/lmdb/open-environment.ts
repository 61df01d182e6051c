/** Opens the directory of a key-value store, or says what keeps it from being opened. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { dataFileFault } from "../../lmdb/data-file.js";
import { KeyValueError } from "../key-value.js";
import { claimDirectory } from "./open-directories.js";

export interface KeyValueEnvironment {
  readonly root: RootDatabase<Buffer, Uint8Array>;
  /** UTF-8 bytes of the key -> value. */
  readonly values: Database<Buffer, Uint8Array>;
  close(): Promise<void>;
}

const FORMAT = 1;
const FORMAT_KEY = Buffer.from("format");

/** @throws KeyValueError CORRUPT, LOCKED; FAILED (retryable) where a reader comes before the writer. */
export function openEnvironment(path: string, readOnly: boolean): KeyValueEnvironment {
  const file = join(path, "data.mdb");
  const fault = dataFileFault(file);
  if (fault !== null)
    throw new KeyValueError("CORRUPT", `${file} cannot be used: ${fault}; restore the directory from a copy`);
  if (readOnly && !existsSync(file)) throw notThereYet(path);
  const release = claimDirectory(path);
  const root = open<Buffer, Uint8Array>({
    path,
    encoding: "binary",
    keyEncoding: "binary",
    maxDbs: 2,
    noSubdir: false,
    eventTurnBatching: false,
    readOnly,
    // A commit is on the disk before it is seen: these stores change seldom and may not forget.
    ...(readOnly ? {} : { overlappingSync: false }),
  });
  const close = async (): Promise<void> => {
    await root.close();
    release();
  };
  try {
    agreeOnFormat(databaseOf(root, "store", path), path, readOnly);
    return { root, values: databaseOf(root, "values", path), close };
  } catch (error) {
    void close();
    throw error;
  }
}

function databaseOf(
  root: RootDatabase<Buffer, Uint8Array>,
  name: string,
  path: string,
): Database<Buffer, Uint8Array> {
  // `undefined` where a reader comes before the writer has made the database; lmdb's types do not say so.
  const database: Database<Buffer, Uint8Array> | undefined = root.openDB<Buffer, Uint8Array>({
    name,
    encoding: "binary",
    keyEncoding: "binary",
  });
  if (database === undefined) throw notThereYet(path);
  return database;
}

function agreeOnFormat(about: Database<Buffer, Uint8Array>, path: string, readOnly: boolean): void {
  const written = about.get(FORMAT_KEY);
  if (written === undefined) {
    if (readOnly) throw notThereYet(path);
    about.putSync(FORMAT_KEY, Buffer.from(String(FORMAT)));
    return;
  }
  const format = Number(Buffer.from(written).toString("utf8"));
  if (format === FORMAT) return;
  throw new KeyValueError(
    "CORRUPT",
    format > FORMAT
      ? `${path} was written by a newer version (format ${format}, this one knows ${FORMAT}); install the newer version`
      : `${path} does not say what it is; restore it from a copy`,
  );
}

function notThereYet(path: string): KeyValueError {
  return new KeyValueError(
    "FAILED",
    `${path} has not been made yet; the process that writes it makes it, start that first`,
    { retryable: true },
  );
}
