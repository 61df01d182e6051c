/** What a failed commit of LMDB means to the caller. Nothing of it is stored: LMDB drops the transaction whole. */

import { constants } from "node:os";
import { StateStoreError } from "../state-store.js";

const MDB_MAP_FULL = -30_792;
/** LMDB answers a short write, which is how a disk usually becomes full, with EIO ("filesystem full?" in its source). */
const NO_ROOM: ReadonlySet<unknown> = new Set([
  constants.errno.ENOSPC,
  constants.errno.EDQUOT,
  constants.errno.EFBIG,
  constants.errno.EIO,
  MDB_MAP_FULL,
]);

export async function commitFailure(path: string, error: unknown): Promise<StateStoreError> {
  if (error instanceof StateStoreError) return error;
  const cause = await reasonOf(error);
  if (NO_ROOM.has(codeOf(cause)))
    return new StateStoreError(
      "DISK_FULL",
      `state store ${path}: no room for the write (${messageOf(cause)}), nothing of it is stored; free disk space, or lift the limit on file sizes, or look whether the disk fails`,
      { retryable: true, cause },
    );
  return new StateStoreError(
    "FAILED",
    `state store ${path}: the write failed (${messageOf(cause)}), nothing of it is stored; restart the process`,
    { cause },
  );
}

/** lmdb rejects with a generic error and hands the real one over through a promise. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !("commitError" in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (reason) {
    return reason;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
