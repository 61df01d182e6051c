/** Opens the directory of a state store, or says what keeps it from being opened. */

import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { dataFileFault } from "../../lmdb/data-file.js";
import { StateStoreError } from "../state-store.js";
import { claimDirectory } from "./open-directories.js";

export interface StateDirectory {
  readonly path: string;
  /** Fixed when the directory is made. */
  readonly partitions: number;
}

export interface StateEnvironment {
  readonly root: RootDatabase<Buffer, string>;
  /** Partition (2 bytes) -> epoch (8 bytes, double) and owner; its LMDB version is the fence (`fenceOf`). */
  readonly owners: Database<Buffer, Uint8Array>;
  /** Partition (2 bytes) -> the partition record. */
  readonly records: Database<Buffer, Uint8Array>;
  /** Partition (2 bytes) and key (16 bytes) -> value. */
  readonly values: Database<Buffer, Uint8Array>;
  close(): Promise<void>;
}

const FORMAT = 1;
const FORMAT_KEY = "format";

/** @throws StateStoreError CORRUPT, LOCKED. */
export function openEnvironment(directory: StateDirectory): StateEnvironment {
  const file = join(directory.path, "data.mdb");
  const fault = dataFileFault(file);
  if (fault !== null)
    throw new StateStoreError(
      "CORRUPT",
      `state store: ${file} cannot be used: ${fault}; move the directory away, the state is rebuilt from the journal`,
    );
  const release = claimDirectory(directory.path);
  // Commits are seen at once and synced behind, in order: after a power cut LMDB goes back to the last synced one.
  const root = open<Buffer, string>({
    path: directory.path,
    encoding: "binary",
    maxDbs: 4,
    noSubdir: false,
    eventTurnBatching: false,
    overlappingSync: true,
  });
  const close = async (): Promise<void> => {
    await root.close();
    release();
  };
  try {
    agreeOnFormat(root.openDB<Buffer, string>({ name: "store", encoding: "binary" }), directory);
    const database = (name: string, useVersions = false): Database<Buffer, Uint8Array> =>
      root.openDB({ name, encoding: "binary", keyEncoding: "binary", useVersions });
    const owners = database("owners", true);
    return { root, owners, records: database("records"), values: database("values"), close };
  } catch (error) {
    void close();
    throw error;
  }
}

function agreeOnFormat(about: Database<Buffer, string>, { path, partitions }: StateDirectory): void {
  const written = about.get(FORMAT_KEY);
  const wanted = formatRecord(FORMAT, partitions);
  if (written === undefined) {
    about.putSync(FORMAT_KEY, wanted);
    return;
  }
  if (written.equals(wanted)) return;
  throw new StateStoreError("CORRUPT", `state store: ${path} ${formatFault(written, partitions)}`);
}

function formatRecord(format: number, partitions: number): Buffer {
  const record = Buffer.alloc(8);
  record.writeUInt32BE(format, 0);
  record.writeUInt32BE(partitions, 4);
  return record;
}

function formatFault(written: Buffer, partitions: number): string {
  if (written.length !== 8)
    return "does not say what it is; move it away, the state is rebuilt from the journal";
  const format = written.readUInt32BE(0);
  if (format > FORMAT)
    return `was written by a newer version (format ${format}, this one knows ${FORMAT}); install the newer version`;
  const found = written.readUInt32BE(4);
  return `has ${found} partitions, ${partitions} were asked for; the number is fixed when a store is made: ask for ${found}, or move the directory away, the state is rebuilt from the journal`;
}
