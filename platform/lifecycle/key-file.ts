/** Keys of 32 random bytes in files of their own, readable by their owner only. */

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const KEY_BYTES = 32;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly retryable = false;
  constructor(
    readonly code: "MISSING" | "INVALID" | "UNREADABLE",
    message: string,
  ) {
    super(message);
  }
}

/**
 * @param mayMake false where data exists that was made with the key: a new key would make it unreadable for good.
 * @throws KeyFileError.
 */
export function openKeyFile(path: string, { mayMake }: { readonly mayMake: boolean }): Buffer {
  if (existsSync(path)) return read(path);
  if (!mayMake)
    throw new KeyFileError(
      "MISSING",
      `${path}: missing, and there is data that was made with this key; restore the file from its backup (a new key would make the data useless)`,
    );
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  writeFileSync(path, `${key.toString("hex")}\n`, { mode: OWNER_ONLY_FILE, flag: "wx", flush: true });
  return key;
}

function read(path: string): Buffer {
  let text: string;
  try {
    text = readFileSync(path, "latin1").trim();
  } catch (error) {
    throw new KeyFileError(
      "UNREADABLE",
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); give the user that runs this program the right to`,
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new KeyFileError(
      "INVALID",
      `${path}: expected 64 hexadecimal digits; restore the file from its backup`,
    );
  return Buffer.from(text, "hex");
}
