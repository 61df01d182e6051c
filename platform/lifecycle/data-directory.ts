/** The data directory of a process: made once with its format, refused where it is none of ours or of a newer program. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

export type DataDirectoryErrorCode =
  | "NOT_A_DIRECTORY"
  | "NOT_WRITABLE"
  | "FOREIGN"
  | "CORRUPT"
  | "NEWER_VERSION";

export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
  readonly retryable = false;
  constructor(
    readonly code: DataDirectoryErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

const FORMAT_FILE = "FORMAT";
const formatFile = z.object({
  product: z.string(),
  formatVersion: z.number().int().min(1),
  createdAt: z.string(),
  partitions: z.number().int().min(1),
});

export type DataFormat = z.infer<typeof formatFile>;

export interface DataDirectory {
  readonly format: DataFormat;
  /** Made by this call. */
  readonly isNew: boolean;
}

/** @throws DataDirectoryError. */
export function openDataDirectory(path: string, wanted: DataFormat): DataDirectory {
  makeFolder(path);
  const file = join(path, FORMAT_FILE);
  if (existsSync(file)) return { format: readFormat(file, wanted), isNew: false };
  // What a first start left that was killed in between (a lock) does not make the directory a foreign one.
  const others = readdirSync(path).filter((name) => !/\.lock|^FORMAT\.new$/.test(name));
  if (others.length > 0)
    throw new DataDirectoryError(
      "FOREIGN",
      `${path}: not empty and without a ${FORMAT_FILE} file: it is no data directory of ${wanted.product}; name an empty or new one`,
    );
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(wanted)}\n`, { flush: true });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw notWritable(path, error);
  }
  return { format: wanted, isNew: true };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === "EEXIST" ||
      (error as NodeJS.ErrnoException).code === "ENOTDIR"
    )
      throw new DataDirectoryError("NOT_A_DIRECTORY", `${path}: is a file; name a directory`, {
        cause: error,
      });
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): DataDirectoryError {
  const { code } = error as NodeJS.ErrnoException;
  return new DataDirectoryError(
    "NOT_WRITABLE",
    `${path}: cannot be written (${code}); give its owner the right to write, free its disk, or name another`,
    { cause: error },
  );
}

function readFormat(file: string, wanted: DataFormat): DataFormat {
  const parsed = formatFile.safeParse(jsonOf(readFileSync(file, "utf8")));
  if (!parsed.success || parsed.data.product !== wanted.product)
    throw new DataDirectoryError(
      "CORRUPT",
      `${file}: damaged, or not of ${wanted.product}; restore the data directory from a backup, or name another`,
    );
  if (parsed.data.formatVersion > wanted.formatVersion)
    throw new DataDirectoryError(
      "NEWER_VERSION",
      `${file}: format ${parsed.data.formatVersion}; this program reads up to ${wanted.formatVersion}: install the newer release`,
    );
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
