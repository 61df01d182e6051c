/** What can be wrong with an archive. The message names file and position, what was expected and the next step. */

export type ArchiveErrorCode =
  /** Bytes are not what was written. */
  | "DAMAGED"
  /** A file that the manifest names is not there. */
  | "MISSING"
  /** Lines or segments do not follow each other: something was taken out, added or moved. */
  | "CHAIN_BROKEN"
  /** The folder is no archive, or one of another installation. */
  | "FOREIGN"
  | "NEWER_VERSION"
  /** Records that the live log does not hold any more are not in the archive. */
  | "GAP"
  /** The live log is not what was archived. */
  | "DIFFERENT"
  | "NOT_WRITABLE";

export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  readonly retryable = false;
  constructor(
    readonly code: ArchiveErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** @param where file, and byte or record. */
export function damaged(where: string, what: string): ArchiveError {
  return new ArchiveError("DAMAGED", `${where}: ${what}; restore the file from a copy of the archive`);
}
