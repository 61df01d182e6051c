/** Keys of 32 random bytes in files of their own, readable by their owner only. */

import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { flushFolderOf } from "./data-directory.js";

const KEY_BYTES = 32;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS_BITS = 0o077;

export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly retryable = false;
  constructor(
    readonly code: "MISSING" | "INVALID" | "UNREADABLE" | "NOT_WRITABLE",
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/**
 * @param mayMake false where data exists that was made with the key: a new key would make it unreadable for good.
 * @throws KeyFileError.
 */
export function openKeyFile(path: string, { mayMake }: { readonly mayMake: boolean }): Buffer {
  const found = read(path);
  if (found !== null) return found;
  if (!mayMake)
    throw new KeyFileError(
      "MISSING",
      `${path}: missing, and there is data that was made with this key; restore the file from its backup (a new key would make the data useless)`,
    );
  return make(path) ?? openKeyFile(path, { mayMake: false });
}

/** Others than its owner may read or change it: worth a warning, and a `chmod 600`. */
export function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & OTHERS_BITS) !== 0;
}

/**
 * The file appears whole and flushed, or not at all: half a key would be a dead end at the next start.
 * null where another process was first.
 */
function make(path: string): Buffer | null {
  const key = randomBytes(KEY_BYTES);
  const draft = `${path}.${randomBytes(4).toString("hex")}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    writeFileSync(draft, `${key.toString("hex")}\n`, { mode: OWNER_ONLY_FILE, flag: "wx", flush: true });
    try {
      linkSync(draft, path);
      flushFolderOf(path);
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return null;
    throw new KeyFileError(
      "NOT_WRITABLE",
      `${path}: cannot be written (${code}); give the user that runs this program the right to, or free its disk`,
      { cause: error },
    );
  }
  return key;
}

function read(path: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(path, "latin1").trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new KeyFileError(
      "UNREADABLE",
      `${path}: cannot be read (${code}); expected a file that the user who runs this program may read`,
      { cause: error },
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new KeyFileError(
      "INVALID",
      `${path}: expected 64 hexadecimal digits; restore the file from its backup`,
    );
  return Buffer.from(text, "hex");
}
