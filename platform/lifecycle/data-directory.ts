/** The data directory of a process: made once with its format, refused where it is none of ours or of a newer program. */

import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

export type DataDirectoryErrorCode =
  | "NOT_A_DIRECTORY"
  | "NOT_READABLE"
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

/** Of several processes that make it at once one does, the others open what it made. @throws DataDirectoryError. */
export function openDataDirectory(path: string, wanted: DataFormat): DataDirectory {
  makeFolder(path);
  const found = inspectDataDirectory(path, wanted);
  const isNew = found === null && makeFormat(path, wanted);
  const format = isNew ? wanted : (found ?? readFormat(path, wanted));
  if (format === null) throw damaged(path, wanted);
  return { format, isNew };
}

/**
 * What lies there, looked at only; null where a data directory could be made: nothing there, or nothing in it.
 * @throws DataDirectoryError.
 */
export function inspectDataDirectory(
  path: string,
  known: Pick<DataFormat, "product" | "formatVersion">,
): DataFormat | null {
  const names = namesIn(path);
  if (names === null) return null;
  if (!names.includes(FORMAT_FILE) && !names.every(isLeftOver))
    throw new DataDirectoryError(
      "FOREIGN",
      `${path}: not empty and without a ${FORMAT_FILE} file: it is no data directory of ${known.product}; name an empty or new one`,
    );
  checkWritable(path);
  return readFormat(path, known);
}

/** For errors of any file of the directory that is made or replaced. */
export function notWritable(path: string, error: unknown): DataDirectoryError {
  const { code } = error as NodeJS.ErrnoException;
  return new DataDirectoryError(
    "NOT_WRITABLE",
    `${path}: cannot be written (${code}); give its owner the right to write, free its disk, or name another`,
    { cause: error },
  );
}

/** So that a name survives a power cut as its file's content does. */
export function flushFolderOf(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** What a first start left that was killed in between (locks, drafts) does not make the directory a foreign one. */
function isLeftOver(name: string): boolean {
  return /\.lock(\.|$)|^FORMAT\..*new$/.test(name);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw isNoFolder(error) ? notAFolder(path, error) : notWritable(path, error);
  }
}

function namesIn(path: string): string[] | null {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw isNoFolder(error) ? notAFolder(path, error) : notReadable(path, error);
  }
}

function isNoFolder(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EEXIST" || code === "ENOTDIR";
}

function notAFolder(path: string, cause: unknown): DataDirectoryError {
  return new DataDirectoryError("NOT_A_DIRECTORY", `${path}: is a file; name a directory`, { cause });
}

function notReadable(path: string, error: unknown): DataDirectoryError {
  const { code } = error as NodeJS.ErrnoException;
  return new DataDirectoryError(
    "NOT_READABLE",
    `${path}: cannot be read (${code}); give the user that runs this program the right to, or name another`,
    { cause: error },
  );
}

function checkWritable(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** The file appears whole, and is never replaced; false where another process was first. */
function makeFormat(path: string, format: DataFormat): boolean {
  const file = join(path, FORMAT_FILE);
  const draft = `${file}.${randomBytes(4).toString("hex")}.new`;
  try {
    writeFileSync(draft, `${JSON.stringify(format)}\n`, { flush: true });
    try {
      linkSync(draft, file);
      flushFolderOf(file);
      return true;
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw notWritable(path, error);
  }
}

function readFormat(path: string, known: Pick<DataFormat, "product" | "formatVersion">): DataFormat | null {
  const file = join(path, FORMAT_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw code === "EISDIR" ? damaged(path, known) : notReadable(file, error);
  }
  const parsed = formatFile.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.product !== known.product) throw damaged(path, known);
  if (parsed.data.formatVersion > known.formatVersion)
    throw new DataDirectoryError(
      "NEWER_VERSION",
      `${file}: format ${parsed.data.formatVersion}; this program reads up to ${known.formatVersion}: install the newer release`,
    );
  return parsed.data;
}

function damaged(path: string, { product }: Pick<DataFormat, "product">): DataDirectoryError {
  return new DataDirectoryError(
    "CORRUPT",
    `${join(path, FORMAT_FILE)}: damaged, or not of ${product}; restore the data directory from a backup, or name another`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
